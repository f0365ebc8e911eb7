; Python: classes, functions, and the constants of a module or class.

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(class_definition body: (block (expression_statement (assignment
  left: [(identifier) @name (pattern_list (identifier) @name)]) @definition.field)))

(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @module name: (dotted_name) @import)
(import_from_statement module_name: (_) @module name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @import (wildcard_import))

(comment) @ignore
(string_content) @ignore

; Only at the top of a file:

(expression_statement (assignment left: [(identifier) @name (pattern_list (identifier) @name)]) @definition.variable)
(expression_statement (assignment right: (assignment left: (identifier) @name)) @definition.variable)
(if_statement (block (expression_statement (assignment left: (identifier) @name) @definition.variable)))
(if_statement (else_clause (block (expression_statement (assignment left: (identifier) @name) @definition.variable))))
(try_statement (block (expression_statement (assignment left: (identifier) @name) @definition.variable)))
(try_statement (except_clause (block (expression_statement (assignment left: (identifier) @name) @definition.variable))))
(type_alias_statement left: (type [(identifier) @name (generic_type (identifier) @name)])) @definition.type
((function_definition name: (identifier) @entry) (#eq? @entry "main"))
