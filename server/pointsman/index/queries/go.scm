; Go: declarations of a package; a method belongs to the type of its receiver.

(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (pointer_type (type_identifier) @owner)
    (generic_type type: (type_identifier) @owner)
    (pointer_type (generic_type type: (type_identifier) @owner))
  ]))
  name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
(type_spec name: (type_identifier) @name
  type: [(type_identifier) (qualified_type) (pointer_type) (generic_type) (map_type) (slice_type) (array_type)
         (function_type) (channel_type)]) @definition.type
(type_alias name: (type_identifier) @name) @definition.type
(field_declaration name: (field_identifier) @name) @definition.field
(method_elem name: (field_identifier) @name) @definition.method

(import_spec path: (interpreted_string_literal) @import)

((function_declaration name: (identifier) @entry) (#eq? @entry "main"))

(comment) @ignore
(interpreted_string_literal_content) @ignore
(raw_string_literal_content) @ignore

; Only at the top of a file:

(const_declaration (const_spec name: (identifier) @name) @definition.constant)
(var_declaration (var_spec name: (identifier) @name) @definition.variable)
(var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.variable))
