; Ruby: modules, classes, methods, constants; the blocks test frameworks name by a string.

(class name: [(constant) (scope_resolution)] @name) @definition.class
(module name: [(constant) (scope_resolution)] @name) @definition.module
(method name: (_) @name) @definition.function
(singleton_method name: (_) @name) @definition.method
(assignment left: (constant) @name) @definition.constant

(call method: (identifier) @_require arguments: (argument_list (string (string_content) @import))
  (#any-of? @_require "require" "require_relative" "load"))

(call method: (identifier) @_test arguments: (argument_list . (string (string_content) @name)) block: (_)
  (#any-of? @_test "describe" "context" "it" "test" "specify" "scenario")) @definition.test

(comment) @ignore
(string_content) @ignore
(heredoc_content) @ignore
