; Ruby: modules, classes, methods, constants, what macros define; the blocks test frameworks name.

(class name: [(constant) @name (scope_resolution scope: (_)? @owner name: (constant) @name)]) @definition.class
(module name: [(constant) @name (scope_resolution scope: (_)? @owner name: (constant) @name)]) @definition.module
(method name: (_) @name) @definition.function
(singleton_method name: (_) @name) @definition.method
(alias name: (_) @name) @definition.method
((call method: (identifier) @_macro arguments: (argument_list . [(simple_symbol) @name (string . (string_content) @name .)]))
  (#any-of? @_macro "define_method" "define_singleton_method" "alias_method" "let" "let!")) @definition.method
((call method: (identifier) @_macro arguments: (argument_list (simple_symbol) @name @definition.field))
  (#any-of? @_macro "attr_accessor" "attr_reader" "attr_writer"))
((call receiver: (constant) @_record arguments: (argument_list (simple_symbol) @name @definition.field))
  (#any-of? @_record "Struct" "Data"))
((assignment left: (constant) @name right: (call receiver: (constant) @_record method: (identifier) @_new))
  (#any-of? @_record "Struct" "Data" "Class") (#any-of? @_new "new" "define")) @definition.class
(assignment left: (constant) @name) @definition.constant

(call method: (identifier) @_require arguments: (argument_list (string (string_content) @import))
  (#any-of? @_require "require" "require_relative" "load"))

(call method: (identifier) @_test
  arguments: (argument_list . [(string) (constant) (scope_resolution) (simple_symbol)] @name) block: (_)
  (#any-of? @_test "describe" "context" "it" "test" "specify" "scenario")) @definition.test

(comment) @ignore
(string_content) @ignore
(heredoc_content) @ignore
