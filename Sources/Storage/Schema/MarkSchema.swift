/// The schema of version 4: which steps of a draft take others back.
enum MarkSchema {
    static let statements: [SQL] = [
        """
        ALTER TABLE draft_steps ADD COLUMN mark TEXT NOT NULL DEFAULT 'edit'
        CHECK (mark IN ('edit', 'undo', 'redo'))
        """
    ]
}
