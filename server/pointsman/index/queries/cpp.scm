; C++: what C has, classes, namespaces, and methods defined outside of their class. What stands between a declaration and
; its name, as `*`, `&` and `[]` do, is any node.

((function_definition declarator: (function_declarator
  declarator: (identifier) @_macro
  parameters: (parameter_list . (parameter_declaration type: (_) @owner) . (parameter_declaration type: (_) @name) .)))
  (#any-of? @_macro "TEST" "TEST_F" "TEST_P" "TYPED_TEST" "TYPED_TEST_P")) @definition.test
((function_definition declarator: (function_declarator
  declarator: (identifier) @_macro
  parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name))))
  (#any-of? @_macro "BOOST_AUTO_TEST_CASE" "BOOST_FIXTURE_TEST_CASE")) @definition.test
((function_definition declarator: (function_declarator
  declarator: [(identifier) (field_identifier) (destructor_name) (operator_name)] @name))
  (#not-match? @name "^(TEST|[A-Z][A-Z0-9]*_[A-Z0-9_]*|if|while|for|switch)$")) @definition.function
(function_definition declarator: (_
  (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))) @definition.function
(function_definition declarator: (_
  (_ (function_declarator declarator: [(identifier) (field_identifier)] @name)))) @definition.function
(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @owner (template_type name: (_) @owner)]
    name: [(identifier) (destructor_name) (operator_name)] @name))
  (_ (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @owner (template_type name: (_) @owner)]
    name: [(identifier) (operator_name)] @name)))
]) @definition.method
(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier name: (qualified_identifier
    scope: [(namespace_identifier) @owner (template_type name: (_) @owner)]
    name: [(identifier) (destructor_name) (operator_name)] @name)))
  (_ (function_declarator declarator: (qualified_identifier name: (qualified_identifier
    scope: [(namespace_identifier) @owner (template_type name: (_) @owner)]
    name: [(identifier) (operator_name)] @name))))
]) @definition.method
(function_definition (ERROR (function_declarator declarator: (_) @name)) declarator: (function_declarator)) @definition.function

(field_declaration declarator: [
  (function_declarator declarator: [(field_identifier) (operator_name)] @name)
  (_ [(function_declarator declarator: [(field_identifier) (operator_name)] @name)
      (_ (function_declarator declarator: (field_identifier) @name))])
]) @definition.method
(field_declaration declarator: [
  (field_identifier) @name
  (_ declarator: [(field_identifier) @name (_ declarator: (field_identifier) @name)])
  (reference_declarator (field_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (_ declarator: (field_identifier) @name)))
]) @definition.field
(field_declaration_list
  (declaration declarator: (function_declarator declarator: [(identifier) (destructor_name)] @name)) @definition.method
  (#not-match? @name "^[A-Z][A-Z0-9]*_[A-Z0-9_]*$"))
(field_declaration_list (template_declaration (declaration declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (_ (function_declarator declarator: [(identifier) (operator_name)] @name))])) @definition.method)

(class_specifier name: [(type_identifier) @name (template_type name: (_) @name)] body: (_)) @definition.class
(class_specifier name: (qualified_identifier scope: (_) @owner name: (type_identifier) @name) body: (_)) @definition.class
(struct_specifier name: [(type_identifier) @name (template_type name: (_) @name)] body: (_)) @definition.struct
(struct_specifier name: (qualified_identifier scope: (_) @owner name: (type_identifier) @name) body: (_)) @definition.struct
; With a macro before its name, as in `class EXPORT Name {`, a class looks like a function.
(function_definition type: [(class_specifier) (struct_specifier)] . declarator: (identifier) @name) @definition.class
(function_definition type: [(class_specifier) (struct_specifier)] . (ERROR . (identifier) @name)) @definition.class
(function_definition type: [(class_specifier) (struct_specifier)] declarator: (identifier) body: (compound_statement [
  (declaration declarator: [
    (function_declarator declarator: (identifier) @name)
    (_ [(function_declarator declarator: [(identifier) (operator_name)] @name)
        (_ (function_declarator declarator: (identifier) @name))])])
  (labeled_statement (declaration declarator: [
    (function_declarator declarator: (identifier) @name)
    (_ [(function_declarator declarator: (identifier) @name) (_ (function_declarator declarator: (identifier) @name))])]))
] @definition.method))
(function_definition type: [(class_specifier) (struct_specifier)] declarator: (identifier) body: (compound_statement [
  (declaration declarator: [(identifier) @name (_ declarator: (identifier) @name)])
  (labeled_statement (declaration declarator: [(identifier) @name (_ declarator: (identifier) @name)]))
] @definition.field))
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.field
(namespace_definition name: (namespace_identifier) @name) @definition.module
(namespace_definition name: (nested_namespace_specifier (namespace_identifier) @owner . [
  (namespace_identifier) @name
  (nested_namespace_specifier (namespace_identifier) @owner . [
    (namespace_identifier) @name
    (nested_namespace_specifier (namespace_identifier) @owner . (namespace_identifier) @name)])
])) @definition.module
(concept_definition name: (identifier) @name) @definition.type
(alias_declaration name: (type_identifier) @name) @definition.type
(type_definition type: (_ name: (_) body: (_)) declarator: (type_identifier) @name @definition.type)
(type_definition declarator: [
  (type_identifier) @name
  (_ declarator: [
    (type_identifier) @name
    (parenthesized_declarator (_ declarator: (type_identifier) @name))
    (function_declarator declarator: (parenthesized_declarator (_ declarator: (type_identifier) @name)))])
]) @definition.type
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

(preproc_include path: (string_literal (string_content) @import))
(preproc_include path: (system_lib_string) @import)

((function_definition declarator: (function_declarator declarator: (identifier) @entry)) (#eq? @entry "main"))

(comment) @ignore
(string_content) @ignore
(raw_string_content) @ignore

; Only at the top of a file, and in preproc_ifdef preproc_if preproc_else preproc_elif linkage_specification namespace_definition declaration_list ERROR:

(declaration declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (_ [
    (function_declarator declarator: [(identifier) (operator_name)] @name)
    (_ (function_declarator declarator: (identifier) @name))])
]) @definition.function
(template_declaration (declaration declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (_ (function_declarator declarator: [(identifier) (operator_name)] @name))
])) @definition.function
(declaration declarator: (function_declarator
  declarator: (qualified_identifier scope: (namespace_identifier) @owner name: (identifier) @name))) @definition.method
(declaration declarator: [
  (identifier) @name
  (_ declarator: [(identifier) @name (_ declarator: [(identifier) @name (_ declarator: (identifier) @name)])])
  (function_declarator declarator: (parenthesized_declarator (_ declarator: (identifier) @name)))
]) @definition.variable
((expression_statement (call_expression
  function: (identifier) @_macro arguments: (argument_list . (string_literal (string_content) @name))))
  (#any-of? @_macro "TEST_CASE" "SCENARIO")) @definition.test
