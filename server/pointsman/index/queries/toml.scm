; TOML: tables, and the keys in them.

(table . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.section
(table_array_element . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.section
(table_array_element (pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key)
(table (pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key)

(comment) @ignore
(string) @ignore

; Only at the top of a file:

(pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key
