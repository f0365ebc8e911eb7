; C++: what C has, classes, namespaces, and methods defined outside of their class.

(function_definition declarator: (function_declarator
  declarator: [(identifier) (field_identifier) (destructor_name) (operator_name)] @name)) @definition.function
(function_definition declarator: (pointer_declarator
  declarator: (function_declarator declarator: [(identifier) (field_identifier)] @name))) @definition.function
(function_definition declarator: (reference_declarator
  (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))) @definition.function
(function_definition declarator: (function_declarator declarator: (qualified_identifier
  scope: (template_type name: (_) @owner) name: [(identifier) (destructor_name) (operator_name)] @name))) @definition.method
(function_definition declarator: (reference_declarator (function_declarator declarator: (qualified_identifier
  scope: [(template_type name: (_) @owner) (namespace_identifier) @owner]
  name: [(identifier) (operator_name)] @name)))) @definition.method
(function_definition declarator: (function_declarator declarator: (qualified_identifier
  scope: (_) @owner name: [(identifier) (destructor_name) (operator_name)] @name))) @definition.method
(function_definition declarator: (function_declarator declarator: (qualified_identifier
  name: (qualified_identifier scope: (_) @owner name: [(identifier) (destructor_name)] @name)))) @definition.method
(function_definition declarator: (pointer_declarator declarator: (function_declarator
  declarator: (qualified_identifier scope: (_) @owner name: (identifier) @name)))) @definition.method
(field_declaration declarator: (function_declarator declarator: (field_identifier) @name)) @definition.method
(field_declaration declarator: (pointer_declarator
  declarator: (function_declarator declarator: (field_identifier) @name))) @definition.method
(field_declaration declarator: (field_identifier) @name) @definition.field
(field_declaration declarator: (pointer_declarator declarator: (field_identifier) @name)) @definition.field
(field_declaration_list (declaration declarator: (function_declarator declarator: (identifier) @name)) @definition.method)
(declaration_list (declaration declarator: (function_declarator declarator: (identifier) @name)) @definition.function)
(declaration_list (declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.variable)
(class_specifier name: (type_identifier) @name body: (_)) @definition.class
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.field
(namespace_definition name: [(namespace_identifier) (nested_namespace_specifier)] @name) @definition.module
(concept_definition name: (identifier) @name) @definition.type
(alias_declaration name: (type_identifier) @name) @definition.type
(type_definition declarator: (type_identifier) @name) @definition.type
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

(preproc_include path: (string_literal (string_content) @import))
(preproc_include path: (system_lib_string) @import)

((function_definition declarator: (function_declarator declarator: (identifier) @entry)) (#eq? @entry "main"))

(comment) @ignore
(string_content) @ignore
(raw_string_content) @ignore

; Only at the top of a file:

(declaration declarator: (function_declarator declarator: (identifier) @name)) @definition.function
(declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.variable
