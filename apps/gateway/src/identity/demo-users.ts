/** The people of the demo; they exist only while the gateway is its own issuer. */
export const demoUsers = [
  { id: 'ida', name: 'Ida Brandt', roles: ['inside_sales'] },
  { id: 'ingo', name: 'Ingo Lorenz', roles: ['inside_sales'] },
  { id: 'olga', name: 'Olga Petrova', roles: ['ops'] },
  { id: 'otto', name: 'Otto Reimann', roles: ['outside_sales'] },
  { id: 'cora', name: 'Cora Winkler', roles: ['customer_inbound'] },
  { id: 'anna', name: 'Anna Seidel', roles: ['order_admin'] },
  { id: 'mia', name: 'Mia Hartung', roles: ['manager'] },
  { id: 'root', name: 'Root', roles: ['administrator'] },
] as const;
