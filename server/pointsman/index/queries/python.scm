; Python: classes, functions, and the constants of a module or class.

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(module (expression_statement (assignment left: (identifier) @name) @definition.variable))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @definition.field)))
(module (type_alias_statement left: (type (identifier) @name)) @definition.type)

(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @module name: (dotted_name) @import)
(import_from_statement module_name: (_) @module name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @import (wildcard_import))

((module (function_definition name: (identifier) @entry)) (#eq? @entry "main"))

(comment) @ignore
(string_content) @ignore
