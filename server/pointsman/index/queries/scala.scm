; Scala: types, objects and their members.

(class_definition name: (identifier) @name) @definition.class
(class_parameters (class_parameter ["val" "var"] name: (identifier) @name) @definition.field)
(class_definition "case" class_parameters: (class_parameters (class_parameter name: (identifier) @name) @definition.field))
(object_definition name: (identifier) @name) @definition.class
(trait_definition name: (identifier) @name) @definition.trait
(enum_definition name: (identifier) @name) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.field
(full_enum_case name: (identifier) @name) @definition.field
(function_definition name: (identifier) @name) @definition.function
(function_declaration name: (identifier) @name) @definition.function
(template_body [(val_definition pattern: (identifier) @name) (var_definition pattern: (identifier) @name)
                (val_declaration name: (identifier) @name) (var_declaration name: (identifier) @name)] @definition.variable)
(with_template_body (val_definition pattern: (identifier) @name) @definition.variable)
(given_definition name: (identifier) @name) @definition.class
(package_object name: (identifier) @name) @definition.module
(type_definition name: (type_identifier) @name) @definition.type

(import_declaration) @import

((function_definition name: (identifier) @entry) (#eq? @entry "main"))
((function_definition (annotation name: (type_identifier) @_main) name: (identifier) @entry) (#eq? @_main "main"))

(call_expression function: (call_expression function: (identifier) @_test arguments: (arguments . (string) @name))
  (#any-of? @_test "test" "it" "describe" "property")) @definition.test

(comment) @ignore
(block_comment) @ignore
(string) @ignore

; Only at the top of a file:

(val_definition pattern: (identifier) @name) @definition.variable
(var_definition pattern: (identifier) @name) @definition.variable
