const { test, expect } = require('@playwright/test');
const { erase, fresh, journeys, untilActive } = require('./journey');

for (const number of journeys) {
  test(`a project by API ${number}`, async ({ request }) => {
    const email = `${fresh()}@people.example.com`;
    const password = fresh();
    expect((await request.post('/api/accounts', { data: { name: email, email, password } })).status()).toBe(201);
    const session = await request.post('/api/sessions', { data: { email, password } });
    const headers = { Authorization: `Bearer ${(await session.json()).token}` };
    expect((await (await request.get('/api/me', { headers })).json()).email).toBe(email);
    const asked = await request.post('/api/projects', { data: { name: fresh() }, headers });
    const { id } = await asked.json();
    await untilActive(async () => (await (await request.get(`/api/projects/${id}`, { headers })).json()).state);
    await erase(request, expect, email);
  });
}
