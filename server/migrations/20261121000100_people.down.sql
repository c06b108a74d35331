DROP TABLE sign_in_link;
DROP TABLE session;
DROP TABLE membership;
DROP TABLE identity;
DROP TABLE org;
