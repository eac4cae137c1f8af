import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the ledger need not keep any longer. Contents go by the month: leaves and subjects' records with their
 * partitions, the index table's rows one by one. Hash tiles and checkpoints stay, so that every proof still holds.
 */
export class LedgerRetention1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Ids are UUIDv7: those of the month's entries lie from first_id up to end_id.
      CREATE TABLE audit.dropped_month (
        month date PRIMARY KEY CHECK (extract(day FROM month) = 1),
        entries bigint NOT NULL,
        first_id uuid NOT NULL,
        end_id uuid NOT NULL,
        dropped_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );

      CREATE FUNCTION audit.first_id(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
        SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
      $$;

      -- Drops a month that is over for at least twelve others. The caller has said so in the ledger before: an entry
      -- about it is in the signed tree, or nothing is dropped. Returns how many entries there were.
      CREATE FUNCTION audit.drop_month(month date)
      RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '5s' AS $$
      DECLARE
        first timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
        next timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
        suffix text := to_char(month, '_YYYY_MM');
        entries bigint;
      BEGIN
        IF next > now() - interval '12 months' THEN
          RAISE EXCEPTION 'the ledger keeps twelve months' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (SELECT FROM audit.entry e WHERE e.action = 'ledger.month_dropped' AND e.resource_id = to_char(month, 'YYYY-MM')
                       AND e.leaf_index < (SELECT h.size FROM audit.signed_head h)) THEN
          RAISE EXCEPTION 'the ledger does not say so yet' USING ERRCODE = 'insufficient_privilege';
        END IF;
        -- By their places, for which there is an index; at the edges of a month they may be mixed with another's.
        DELETE FROM audit.entry e USING (
            SELECT min(h.first_leaf) AS low, max(h.last_leaf) AS high FROM audit.hour h WHERE h.hour >= first AND h.hour < next) AS span
          WHERE e.leaf_index BETWEEN span.low AND span.high AND e.at >= first AND e.at < next;
        GET DIAGNOSTICS entries = ROW_COUNT;
        DELETE FROM audit.hour h WHERE h.hour >= first AND h.hour < next;
        EXECUTE format('DROP TABLE IF EXISTS audit.%I, audit.%I', 'leaf' || suffix, 'subject_record' || suffix);
        INSERT INTO audit.dropped_month AS d (month, entries, first_id, end_id)
        VALUES (date_trunc('month', month::timestamp)::date, entries, audit.first_id(first), audit.first_id(next))
        ON CONFLICT ON CONSTRAINT dropped_month_pkey DO UPDATE SET entries = d.entries + excluded.entries;
        RETURN entries;
      END
      $$;

      -- Every month that has entries or had some. said: how many entries the month's own entries say were
      -- dropped before; of a month that was announced more than once the last announcement counts.
      CREATE VIEW audit.months AS
        SELECT to_char(m.month, 'YYYY-MM') AS month, m.entries, m.said, false AS dropped
        FROM (SELECT date_trunc('month', e.at, 'UTC') AT TIME ZONE 'UTC' AS month, count(*) AS entries,
                coalesce(sum(e.count) FILTER (WHERE e.action = 'ledger.month_dropped' AND NOT EXISTS (
                  SELECT FROM audit.entry l WHERE l.action = e.action AND l.resource_id = e.resource_id AND l.leaf_index > e.leaf_index)), 0)::bigint AS said
              FROM audit.entry e GROUP BY 1) AS m
        UNION ALL SELECT to_char(d.month, 'YYYY-MM'), d.entries, 0, true FROM audit.dropped_month d;

      REVOKE ALL ON FUNCTION audit.first_id(timestamptz), audit.drop_month(date) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.drop_month(date) TO sceau_sequencer;
      GRANT SELECT ON audit.dropped_month, audit.months TO sceau_sequencer;
      GRANT SELECT ON audit.months TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
