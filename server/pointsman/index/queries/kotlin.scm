; Kotlin: types and their members; functions and properties of a file.

(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name (enum_class_body)) @definition.enum
(class_declaration name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name) @definition.class
(companion_object name: (identifier) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(class_body (property_declaration (variable_declaration . (identifier) @name)) @definition.variable)
(enum_class_body (property_declaration (variable_declaration . (identifier) @name)) @definition.variable)
(class_parameter ["val" "var"] . (identifier) @name) @definition.field
(enum_entry . (identifier) @name) @definition.field
(type_alias type: (identifier) @name) @definition.type

(import (qualified_identifier) @import)

(line_comment) @ignore
(block_comment) @ignore
(string_content) @ignore

; Only at the top of a file:

(property_declaration (variable_declaration . (identifier) @name)) @definition.variable
((function_declaration name: (identifier) @entry) (#eq? @entry "main"))
