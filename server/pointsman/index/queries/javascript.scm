; JavaScript: classes, functions, methods, and what a module binds at its top.

(class_declaration name: (identifier) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(method_definition name: (_) @name) @definition.method
(field_definition property: (_) @name) @definition.field
(export_statement declaration: (_ (variable_declarator name: (identifier) @name) @definition.variable))
((assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @owner property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class)])
  (#eq? @_prototype "prototype")) @definition.method
((assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (function_expression name: (identifier) @name))
  (#eq? @_module "module") (#eq? @_exports "exports")) @definition.function
((assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (class name: (identifier) @name))
  (#eq? @_module "module") (#eq? @_exports "exports")) @definition.class
((assignment_expression
  left: (member_expression object: (identifier) @name property: (property_identifier) @_prototype) right: (object))
  (#eq? @_prototype "prototype")) @scope
((assignment_expression
  left: (member_expression object: (identifier) @owner property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class)])
  (#not-match? @owner "^(exports|module|window|self|global|globalThis)$")) @definition.function
((assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class)])
  (#not-eq? @name "exports")) @definition.function
(variable_declarator value: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))
(assignment_expression right: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))
((call_expression function: (member_expression property: (property_identifier) @_extend)
  arguments: (arguments (object (pair key: [(property_identifier) (string)] @name
    value: [(function_expression) (arrow_function)]) @definition.method)))
  (#any-of? @_extend "extend" "assign" "mixin" "create" "component"))
(export_statement value: (object (pair key: [(property_identifier) (string)] @name
  value: [(function_expression) (arrow_function)]) @definition.method))

(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(call_expression
  function: [(identifier) (import)] @_function
  arguments: (arguments . (string (string_fragment) @import) .)
  (#any-of? @_function "require" "import"))
(call_expression
  function: (identifier) @_define
  arguments: (arguments (array (string (string_fragment) @import)))
  (#any-of? @_define "define" "require"))

(call_expression
  function: [
    (identifier) @_test
    (_ object: (identifier) @_test)
    (_ function: (_ object: (identifier) @_test))]
  arguments: (arguments . [(string) (template_string)] @name)
  (#any-of? @_test "describe" "it" "test" "suite")) @definition.test

(call_expression
  function: (member_expression object: (identifier) @_unit property: (property_identifier) @_test)
  arguments: (arguments . (string) @name)
  (#eq? @_unit "QUnit") (#any-of? @_test "module" "test")) @definition.test

(comment) @ignore
(string_fragment) @ignore

; Only at the top of a file:

(expression_statement (assignment_expression
  left: (member_expression object: [(identifier) @_exports (member_expression property: (property_identifier) @_exports)]
    property: (property_identifier) @name)
  right: [(number) (string) (template_string) (true) (false) (object) (array) (call_expression) (new_expression)
          (member_expression)]
  (#eq? @_exports "exports")) @definition.variable)
(lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
(variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
