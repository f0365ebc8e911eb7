; CSS: selectors' classes and ids, custom properties, animations.

(rule_set (selectors (class_selector (class_name (identifier) @name)))) @definition.rule
(rule_set (selectors (id_selector (id_name) @name))) @definition.rule
(declaration (property_name) @name (#match? @name "^--")) @definition.variable
(keyframes_statement (keyframes_name) @name) @definition.rule

(import_statement (string_value (string_content) @import))
(import_statement (call_expression (arguments (string_value (string_content) @import))))

(comment) @ignore
(string_content) @ignore
