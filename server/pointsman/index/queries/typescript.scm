; TypeScript and TSX: what JavaScript has, and the types.

(class_declaration name: (type_identifier) @name) @definition.class
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body name: (property_identifier) @name @definition.field)
(enum_body (enum_assignment name: (_) @name) @definition.field)
(internal_module name: [(identifier) @name (nested_identifier object: (_) @owner property: (_) @name)]) @definition.module
(module name: [(string) @name (identifier) @name (nested_identifier object: (_) @owner property: (_) @name)]) @definition.module
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(function_signature name: (identifier) @name) @definition.function
(method_definition name: (_) @name) @definition.method
(class_body (method_signature name: (_) @name) @definition.method)
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.field
(abstract_method_signature name: (_) @name) @definition.method
(interface_body (method_signature name: (_) @name) @definition.method)
(interface_body (property_signature name: (_) @name) @definition.field)
(public_field_definition name: (_) @name) @definition.field
(export_statement declaration: (_ (variable_declarator name: (identifier) @name) @definition.variable))
(ambient_declaration (_ (variable_declarator name: (identifier) @name) @definition.variable))
(variable_declarator value: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))
(assignment_expression right: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))
(export_statement value: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))

(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(import_require_clause source: (string (string_fragment) @import))
(call_expression
  function: [(identifier) (import)] @_function
  arguments: (arguments . (string (string_fragment) @import) .)
  (#any-of? @_function "require" "import"))

(call_expression
  function: [
    (identifier) @_test
    (_ object: (identifier) @_test)
    (_ function: (_ object: (identifier) @_test))]
  arguments: (arguments . [(string) (template_string)] @name)
  (#any-of? @_test "describe" "it" "test" "suite")) @definition.test

(comment) @ignore
(string_fragment) @ignore

; Only at the top of a file:

(lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
(variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
