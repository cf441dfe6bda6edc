// The baseline's first process: express 5, pg, and one transaction that inserts the activity, an outbox row and a job.
import express from 'express';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 16 });
const app = express();
app.use(express.json());

app.post('/orgs/:orgId/activities', async (request, response) => {
  const { orgId } = request.params;
  const body = request.body as { activityType: string; outcomeCode: string; followUpAt: string };
  const activityId = randomUUID();
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      'insert into activity (activity_id, org_id, activity_type, outcome_code, follow_up_at, created_at) values ($1, $2, $3, $4, $5, now())',
      [activityId, orgId, body.activityType, body.outcomeCode, body.followUpAt],
    );
    const event = { activityId, orgId, followUpAt: body.followUpAt };
    await client.query('insert into outbox (topic, key, value) values ($1, $2, $3)', ['activity', orgId, JSON.stringify(event)]);
    await client.query('select graphile_worker.add_job($1, $2)', ['call_back', JSON.stringify(event)]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
  response.status(201).json({ activityId, ...body });
});

const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
