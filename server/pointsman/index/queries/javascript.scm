; JavaScript: classes, functions, methods, and what a module binds at its top.

(class_declaration name: (identifier) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(method_definition name: (_) @name) @definition.method
(field_definition property: (_) @name) @definition.field
(export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable))
(assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class)]) @definition.function

(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(call_expression
  function: [(identifier) (import)] @_function
  arguments: (arguments . (string (string_fragment) @import) .)
  (#any-of? @_function "require" "import"))

(call_expression
  function: [(identifier) @_test (member_expression object: (identifier) @_test)]
  arguments: (arguments . (string (string_fragment) @name))
  (#any-of? @_test "describe" "it" "test" "suite")) @definition.test

(comment) @ignore
(string_fragment) @ignore

; Only at the top of a file:

(lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
(variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
