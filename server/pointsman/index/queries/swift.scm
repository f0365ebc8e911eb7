; Swift: types and their members. An extension lends its type's name to what is inside.

(class_declaration declaration_kind: ["class" "actor"] name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(class_declaration declaration_kind: "extension" name: (user_type (type_identifier) @name .)) @scope
(class_declaration declaration_kind: "extension" name: (user_type (type_identifier) @name (type_arguments))) @scope
(protocol_declaration name: (type_identifier) @name) @definition.interface
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.field
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(function_declaration "func" . name: _ @name) @definition.function
(init_declaration "init" @name) @definition.method
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name) @definition.method
(macro_declaration (simple_identifier) @name) @definition.macro
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable
(enum_entry name: (simple_identifier) @name) @definition.field
(typealias_declaration name: (type_identifier) @name) @definition.type

(import_declaration (identifier) @import)

(comment) @ignore
(multiline_comment) @ignore
(line_str_text) @ignore
(multi_line_str_text) @ignore
