; JSON: the keys of the outermost object, and of the objects right inside of it.

(comment) @ignore
(string_content) @ignore

; Only at the top of a file:

(object (pair key: (string (string_content) @name)) @definition.key)
(object (pair value: (object (pair key: (string (string_content) @name)) @definition.key)))
