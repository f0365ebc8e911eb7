; PHP: types and their members, functions and constants.

(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(enum_declaration name: (name) @name) @definition.enum
(enum_case name: (name) @name) @definition.field
(method_declaration name: (name) @name) @definition.method
(function_definition name: (name) @name) @definition.function
(property_declaration (property_element name: (variable_name (name) @name))) @definition.field
(property_promotion_parameter name: (variable_name (name) @name)) @definition.field
(const_declaration (const_element . (name) @name)) @definition.constant
((function_call_expression
  function: (name) @_define arguments: (arguments . (argument [(string (string_content) @name) (encapsed_string (string_content) @name)])))
  (#eq? @_define "define")) @definition.constant
((function_call_expression
  function: (name) @_test arguments: (arguments . (argument [(string (string_content) @name) (encapsed_string (string_content) @name)])))
  (#any-of? @_test "it" "test" "describe")) @definition.test

(namespace_use_declaration (namespace_use_clause . [(qualified_name) (name)] @import))
(namespace_use_declaration
  (namespace_name) @module body: (namespace_use_group (namespace_use_clause . [(qualified_name) (name)] @import)))
(include_expression [(_ (string_content) @import) (_ (_ (string_content) @import)) (_ (_ (_ (string_content) @import)))])
(include_once_expression [(_ (string_content) @import) (_ (_ (string_content) @import)) (_ (_ (_ (string_content) @import)))])
(require_expression [(_ (string_content) @import) (_ (_ (string_content) @import)) (_ (_ (_ (string_content) @import)))])
(require_once_expression [(_ (string_content) @import) (_ (_ (string_content) @import)) (_ (_ (_ (string_content) @import)))])

(comment) @ignore
(string_content) @ignore
(text) @ignore
