; YAML: the keys of the outermost mapping, and of the mappings right inside of it; anchors.

(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node [(plain_scalar) (double_quote_scalar) (single_quote_scalar)] @name)) @definition.key)))
(document (block_node (block_mapping (block_mapping_pair value: (block_node (block_mapping (block_mapping_pair
  key: (flow_node [(plain_scalar) (double_quote_scalar) (single_quote_scalar)] @name)) @definition.key))))))
(anchor (anchor_name) @name) @definition.constant

(comment) @ignore
(block_scalar) @ignore
