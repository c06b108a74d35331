DROP TABLE member_scope;
DROP TABLE access;
