const { test, expect } = require('@playwright/test');
const { erase, fresh, journeys, untilActive } = require('./journey');

for (const number of journeys) {
  test(`a project by page ${number}`, async ({ page, request }) => {
    const email = `${fresh()}@people.example.com`;
    const password = fresh();
    await page.goto('/signup', { waitUntil: 'domcontentloaded' });
    await page.getByLabel('Name', { exact: true }).fill(email);
    await page.getByLabel('E-mail address', { exact: true }).fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await expect(page).toHaveURL('/login');
    await page.getByLabel('E-mail address', { exact: true }).fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await expect(page).toHaveURL('/projects');
    await expect(page.getByTestId('signed-in-as')).toHaveText(email);
    await page.getByLabel('Name', { exact: true }).fill(fresh());
    await page.getByRole('button', { name: 'Create project', exact: true }).click();
    await expect(page).toHaveURL(/\/projects\/\w+$/);
    const project = page.url();
    await untilActive(async () => {
      await page.goto(project, { waitUntil: 'domcontentloaded' });
      return page.getByTestId('state').textContent();
    });
    await erase(request, expect, email);
  });
}
