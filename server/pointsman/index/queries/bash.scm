; Shell: functions, and the variables a script sets at its top.

(function_definition name: (word) @name) @definition.function

(command name: (command_name (word) @_source)
  argument: [(word) @import (raw_string) @import (string (string_content) @import .) (concatenation (word) @import .)]
  (#any-of? @_source "source" "." "load"))

(command name: (command_name (word) @_test) argument: [(string) (raw_string)] @name (#eq? @_test "@test")) @definition.test

((function_definition name: (word) @entry) (#eq? @entry "main"))

(comment) @ignore
(string_content) @ignore
(raw_string) @ignore

; Only at the top of a file:

(variable_assignment name: (variable_name) @name) @definition.variable
(declaration_command (variable_assignment name: (variable_name) @name) @definition.variable)
