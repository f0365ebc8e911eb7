; JSON: the keys of the outermost object, and of the objects right inside of it.

(document (object (pair key: (string (string_content) @name)) @definition.key))
(document (object (pair value: (object (pair key: (string (string_content) @name)) @definition.key))))

(comment) @ignore
(string_content) @ignore
