-- Accounts that gave way to another, and accounts that are evidently one customer.

-- What is to be kept in step with an account is found by its id.
CREATE INDEX record_merged ON record (org_id, (body->>'merged_into')) WHERE kind = 'account' AND body->>'merged_into' IS NOT NULL;
CREATE INDEX record_collision_first ON record (org_id, (body->>'first')) WHERE kind = 'collision';
CREATE INDEX record_collision_second ON record (org_id, (body->>'second')) WHERE kind = 'collision';

CREATE TABLE account_key (
    org_id      uuid NOT NULL,
    key         uuid NOT NULL,
    account_id  uuid NOT NULL,
    PRIMARY KEY (org_id, key, account_id)
);
CREATE INDEX account_key_of ON account_key (org_id, account_id);
COMMENT ON TABLE account_key IS 'By what an account is found to be the same customer as another: one key in common is evidence. The rule is domain::hub::collision''s.';
COMMENT ON COLUMN account_key.key IS 'What would be equal (a registration number, a name with something else), hashed: nothing can be read from here.';
COMMENT ON COLUMN account_key.account_id IS 'A living account that gave way to no other.';

ALTER TABLE account_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_key FORCE ROW LEVEL SECURITY;
CREATE POLICY one_company ON account_key USING (org_id = nullif(current_setting('rounds.org', true), '')::uuid);
CREATE POLICY backup ON account_key FOR SELECT USING (current_setting('rounds.backup', true) = 'on');

ALTER TABLE org_feed ADD COLUMN keys_version integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN org_feed.keys_version IS 'The version of the rule by which the keys of all accounts were last worked out; upkeep does it again for another.';
