DROP TABLE audit_head;
DROP TABLE audit_node;
DROP TABLE audit_place;
DROP TABLE audit_pending;
DROP TABLE audit_private;
DROP TABLE audit_object;
DROP TABLE audit_entry;
