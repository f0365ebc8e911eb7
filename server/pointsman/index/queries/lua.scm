; Lua: functions however they are bound, and the variables of a file's top.

(function_declaration name: (identifier) @name) @definition.function
(function_declaration name: (dot_index_expression table: (_) @owner field: (identifier) @name)) @definition.method
(function_declaration name: (method_index_expression table: (_) @owner method: (identifier) @name)) @definition.method
(assignment_statement
  (variable_list name: (dot_index_expression table: (_) @owner field: (identifier) @name))
  (expression_list value: (function_definition))) @definition.method
(field name: [(identifier) (string)] @name value: (function_definition)) @definition.method

(function_call name: (identifier) @_require arguments: (arguments (string content: (string_content) @import))
  (#any-of? @_require "require" "dofile"))

(function_call name: (identifier) @_test arguments: (arguments . (string content: (string_content) @name))
  (#any-of? @_test "describe" "it" "context")) @definition.test

(comment) @ignore
(string_content) @ignore

; Only at the top of a file:

(variable_declaration (assignment_statement (variable_list name: (identifier) @name))) @definition.variable
(assignment_statement (variable_list name: (identifier) @name)) @definition.variable
