; C#: types and their members.

(class_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.field
(delegate_declaration name: (identifier) @name) @definition.type
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.method
(destructor_declaration name: (identifier) @name) @definition.method
(operator_declaration operator: _ @name) @definition.method
(indexer_declaration "this" @name) @definition.method
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.field))
(event_declaration name: (identifier) @name) @definition.field
((local_function_statement name: (identifier) @name) (#not-match? @name "^(if|while|for|switch)$")) @definition.function
(property_declaration name: (identifier) @name) @definition.field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field

(using_directive [(qualified_name) (identifier)] @import .)

((method_declaration name: (identifier) @entry) (#eq? @entry "Main"))

(comment) @ignore
(string_literal_content) @ignore
(verbatim_string_literal) @ignore
(raw_string_literal) @ignore
(string_content) @ignore
