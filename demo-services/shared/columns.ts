/** The columns that most tables share. */
export const idColumn = 'id uuid PRIMARY KEY DEFAULT gen_random_uuid()';
export const createdColumn = 'created_at timestamptz NOT NULL DEFAULT now()';
export const updatedColumn = 'updated_at timestamptz NOT NULL DEFAULT now()';
