; Rust: items; what is in an `impl` belongs to the type it is for.

(struct_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enum
(union_item name: (type_identifier) @name) @definition.struct
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(macro_definition name: (identifier) @name) @definition.macro
(mod_item name: (identifier) @name body: (_)) @definition.module
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.variable
(enum_variant name: (identifier) @name) @definition.field
(field_declaration name: (field_identifier) @name) @definition.field

(impl_item type: [
  (type_identifier) @name
  (scoped_type_identifier name: (_) @name)
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (_) @name)])
  (dynamic_type (type_identifier) @name)
  (_ type: [(type_identifier) @name (generic_type type: (type_identifier) @name)])
]) @scope

(use_declaration argument: (_) @import)
(mod_item name: (identifier) @import !body)

(line_comment) @ignore
(block_comment) @ignore
(string_content) @ignore

; Only at the top of a file:

((function_item name: (identifier) @entry) (#eq? @entry "main"))
