; C: functions and their prototypes, types, macros and globals. What stands between a declaration and its name, as `*` and
; `[]` do, is any node. `MACRO(name) {` is a function, too.

(function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.function
(function_definition
  declarator: (_ declarator: (function_declarator declarator: (identifier) @name))) @definition.function
(function_definition declarator: (_
  declarator: (_ declarator: (function_declarator declarator: (identifier) @name)))) @definition.function
(function_definition type: (type_identifier) declarator: (parenthesized_declarator (identifier) @name)) @definition.function
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.field
(field_declaration declarator: [
  (field_identifier) @name
  (_ declarator: [(field_identifier) @name (_ declarator: (field_identifier) @name)])
  (function_declarator declarator: (parenthesized_declarator (_ declarator: (field_identifier) @name)))
]) @definition.field
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

; Only at the top of a file, and in preproc_ifdef preproc_if preproc_else preproc_elif linkage_specification declaration_list ERROR:

(declaration declarator: [
  (function_declarator declarator: (identifier) @name)
  (_ declarator: [
    (function_declarator declarator: (identifier) @name)
    (_ declarator: (function_declarator declarator: (identifier) @name))])
]) @definition.function
(declaration declarator: [
  (identifier) @name
  (_ declarator: [(identifier) @name (_ declarator: [(identifier) @name (_ declarator: (identifier) @name)])])
  (function_declarator declarator: (parenthesized_declarator (_ declarator: (identifier) @name)))
]) @definition.variable
