// When a project is looked at again: the pauses of `flows.waiting.eventually`, so that all rivals send the same requests.
const { randomBytes } = require('node:crypto');

exports.OPERATOR = { Authorization: 'Bearer the-operator' };
exports.fresh = () => randomBytes(6).toString('hex');
exports.journeys = Array.from({ length: Number(process.env.JOURNEYS || 1) }, (_, number) => number);

exports.untilActive = async (state) => {
  for (let pause = 40; (await state()) !== 'active'; pause = Math.min(pause * 1.5, 1000)) await new Promise((resolve) => setTimeout(resolve, pause));
};

exports.erase = async (request, expect, email) => {
  const found = await request.get('/operator/accounts', { params: { email }, headers: exports.OPERATOR });
  const { id } = await found.json();
  expect((await request.delete(`/operator/accounts/${id}`, { headers: exports.OPERATOR })).status()).toBe(204);
  expect((await request.get('/operator/accounts', { params: { email }, headers: exports.OPERATOR })).status()).toBe(404);
};
