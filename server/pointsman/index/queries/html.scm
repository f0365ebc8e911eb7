; HTML: what can be linked to, what scripts mount on, and what the page loads.

(element [(start_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))
          (self_closing_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))]
  (#eq? @_id "id")) @definition.section

(script_element (start_tag (attribute (attribute_name) @_src (quoted_attribute_value (attribute_value) @import)))
  (#eq? @_src "src"))
(element (start_tag (tag_name) @_link (attribute (attribute_name) @_href (quoted_attribute_value (attribute_value) @import)))
  (#eq? @_link "link") (#eq? @_href "href"))

(comment) @ignore
(text) @ignore
(raw_text) @ignore
