/// Somebody in a group.
package struct GroupMember: Sendable, Equatable {
    package var userID: String
    package var email: String

    package init(userID: String, email: String) {
        self.userID = userID
        self.email = email
    }
}

/// People of a project who get batches together.
package struct GroupRow: Sendable, Equatable {
    package var id: String
    package var realm: Int64
    package var projectID: String
    package var name: String

    /// Whether it stands for one person alone.
    package var isSingleton: Bool
    package var createdAt: Timestamp
    package var members: [GroupMember]

    package init(
        id: String, realm: Int64, projectID: String, name: String, isSingleton: Bool = false, createdAt: Timestamp,
        members: [GroupMember] = []
    ) {
        self.id = id
        self.realm = realm
        self.projectID = projectID
        self.name = name
        self.isSingleton = isSingleton
        self.createdAt = createdAt
        self.members = members
    }
}

extension GroupRow: RowDecodable {
    static let columns: SQL = "g.id, g.realm, g.project_id, g.name, g.is_singleton, g.created_at"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        projectID = try reader.text()
        name = try reader.text()
        isSingleton = try reader.bool()
        createdAt = try reader.time()
        members = []
    }
}

/// That a person works on a project.
package struct AssignmentRow: Sendable, Equatable, RowDecodable {
    package var userID: String
    package var email: String
    package var projectID: String

    /// The project's name.
    package var project: String

    package init(_ reader: inout RowReader) throws {
        userID = try reader.text()
        email = try reader.text()
        projectID = try reader.text()
        project = try reader.text()
    }
}

extension Connection {
    // MARK: Assignments

    /// Assigns people to projects; who is assigned already stays so.
    package func assign(realm: Int64, users: [String], projects: [String], at: Timestamp) throws {
        for user in users {
            for project in projects {
                try execute(
                    """
                    INSERT INTO assignments (realm, user_id, project_id, created_at)
                    VALUES (\(realm), \(user), \(project), \(at)) ON CONFLICT DO NOTHING
                    """)
            }
        }
    }

    /// Ends people's assignments to projects.
    package func unassign(realm: Int64, users: [String], projects: [String]) throws {
        try execute(
            """
            DELETE FROM assignments
            WHERE realm = \(realm) AND user_id IN \(list: users) AND project_id IN \(list: projects)
            """)
    }

    /// Who works on what, active members only, by e-mail address and project.
    package func assignments(realm: Int64) throws -> [AssignmentRow] {
        try all(
            """
            SELECT u.id, u.email, p.id, p.name FROM assignments a
            JOIN users u ON u.id = a.user_id
            JOIN projects p ON p.id = a.project_id
            JOIN realms r ON r.id = a.realm
            JOIN members m ON m.account_id = r.account_id AND m.user_id = a.user_id AND m.state = 'active'
            WHERE a.realm = \(realm) ORDER BY u.email_key, p.created_at, p.id
            """)
    }

    /// The ids of the projects a person is assigned to.
    package func assignedProjects(realm: Int64, user: String) throws -> [String] {
        try texts(
            "SELECT project_id FROM assignments WHERE realm = \(realm) AND user_id = \(user) ORDER BY project_id")
    }

    // MARK: Groups

    /// Stores a group with its members; false if the project has a group of that name.
    package func insertGroup(_ group: GroupRow) throws -> Bool {
        let changed = try execute(
            """
            INSERT INTO labeler_groups (id, realm, project_id, name, is_singleton, created_at)
            VALUES (\(group.id), \(group.realm), \(group.projectID), \(group.name), \(group.isSingleton),
                \(group.createdAt))
            ON CONFLICT (project_id, name) DO NOTHING
            """)
        guard changed > 0 else { return false }
        try addGroupMembers(group: group.id, users: group.members.map(\.userID))
        return true
    }

    /// A project's group of a name.
    package func group(project: String, named name: String) throws -> GroupRow? {
        try withMembers(
            all("SELECT \(GroupRow.columns) FROM labeler_groups g WHERE g.project_id = \(project) AND g.name = \(name)")
        ).first
    }

    /// A project's groups, oldest first.
    package func groups(project: String) throws -> [GroupRow] {
        try withMembers(
            all(
                """
                SELECT \(GroupRow.columns) FROM labeler_groups g WHERE g.project_id = \(project)
                ORDER BY g.created_at, g.id
                """))
    }

    private func withMembers(_ groups: [GroupRow]) throws -> [GroupRow] {
        var members: [String: [GroupMember]] = [:]
        let rows = try query(
            """
            SELECT m.group_id, u.id, u.email FROM group_members m JOIN users u ON u.id = m.user_id
            WHERE m.group_id IN \(list: groups.map(\.id)) ORDER BY u.email_key
            """)
        for row in rows {
            var reader = row.reader
            let group = try reader.text()
            members[group, default: []].append(GroupMember(userID: try reader.text(), email: try reader.text()))
        }
        return groups.map { group in
            var group = group
            group.members = members[group.id] ?? []
            return group
        }
    }

    /// Gives a group another name, which no other group of its project may have.
    package func renameGroup(_ id: String, to name: String) throws {
        try execute("UPDATE labeler_groups SET name = \(name) WHERE id = \(id)")
    }

    /// The names of batches that are not completed and that only this group gets, oldest first.
    package func batchesKeptForGroupAlone(_ group: String) throws -> [String] {
        try texts(
            """
            SELECT b.name FROM batch_groups g JOIN batches b ON b.id = g.batch_id
            WHERE g.group_id = \(group) AND b.status <> 'completed' AND NOT EXISTS (
                SELECT 1 FROM batch_groups other WHERE other.batch_id = b.id AND other.group_id <> g.group_id)
            ORDER BY b.created_at, b.id
            """)
    }

    /// Removes a group from its people, from batches, and itself.
    package func removeGroup(_ id: String) throws {
        try execute("DELETE FROM batch_groups WHERE group_id = \(id)")
        try execute("DELETE FROM group_members WHERE group_id = \(id)")
        try execute("DELETE FROM labeler_groups WHERE id = \(id)")
    }

    /// Adds people to a group; who is in it stays so.
    package func addGroupMembers(group: String, users: [String]) throws {
        for user in users {
            try execute(
                "INSERT INTO group_members (group_id, user_id) VALUES (\(group), \(user)) ON CONFLICT DO NOTHING")
        }
    }

    /// Takes people out of a group.
    package func removeGroupMembers(group: String, users: [String]) throws {
        try execute("DELETE FROM group_members WHERE group_id = \(group) AND user_id IN \(list: users)")
    }

    /// Sets which groups alone get a batch; none means that everybody does.
    package func setBatchGroups(batch: String, groups: [String]) throws {
        try execute("DELETE FROM batch_groups WHERE batch_id = \(batch)")
        if !groups.isEmpty { try steer([batch]) }
        for group in groups {
            try execute(
                "INSERT INTO batch_groups (batch_id, group_id) VALUES (\(batch), \(group)) ON CONFLICT DO NOTHING")
        }
    }

    /// The groups of some batches, by batch id; oldest first.
    package func batchGroups(batches: [String]) throws -> [String: [GroupRow]] {
        let rows = try query(
            """
            SELECT bg.batch_id, \(GroupRow.columns) FROM batch_groups bg JOIN labeler_groups g ON g.id = bg.group_id
            WHERE bg.batch_id IN \(list: batches) ORDER BY g.created_at, g.id
            """)
        var found: [(batch: String, group: GroupRow)] = []
        for row in rows {
            var reader = row.reader
            found.append((try reader.text(), try GroupRow(&reader)))
        }
        let groups = try withMembers(found.map(\.group))
        return Dictionary(grouping: zip(found, groups), by: \.0.batch).mapValues { $0.map(\.1) }
    }

    // MARK: Steering

    /// Pauses a batch or lets it go on; what people hold of it they may finish.
    @discardableResult
    package func setBatchHeld(realm: Int64, id: String, held: Bool, at: Timestamp) throws -> Bool {
        let changed = try execute(
            "UPDATE batches SET held = \(held), updated_at = \(at) WHERE id = \(id) AND realm = \(realm)")
        guard changed > 0 else { return false }
        if held { try steer([id]) }
        return true
    }

    /// Makes the work of batches runs of their own in the queue, which the claim opens, closes and orders.
    ///
    /// The first time each item that waits is touched; from then on steering touches the batch alone.
    private func steer(_ batches: [String]) throws {
        let new = try texts("SELECT id FROM batches WHERE id IN \(list: batches) AND steered = 0 ORDER BY id")
        guard !new.isEmpty else { return }
        try execute("UPDATE batches SET steered = 1 WHERE id IN \(list: new)")
        for batch in new {
            try execute(
                """
                UPDATE work_items SET line = \(batch)
                WHERE batch_id = \(batch) AND line = '' AND state IN ('waiting', 'leased')
                """)
        }
    }

    // MARK: Order of batches

    /// A studio's batches that are not completed, in the order people gave them, or else calibration first and then
    /// the oldest.
    package func studioBatches(realm: Int64) throws -> [BatchRow] {
        try all(
            """
            SELECT \(BatchRow.columns) FROM \(BatchRow.tables)
            WHERE b.realm = \(realm) AND p.product = 'studio' AND b.status <> 'completed' AND b.archived_at IS NULL
            ORDER BY CASE WHEN b.studio_position IS NULL THEN 1 ELSE 0 END, b.studio_position,
                CASE WHEN b.kind = 'calibration' THEN 0 ELSE 1 END, b.created_at, b.id
            """)
    }

    /// Puts batches into an order; their ids in that order.
    package func setStudioOrder(realm: Int64, batches: [String], at: Timestamp) throws {
        try steer(batches)
        for (position, batch) in batches.enumerated() {
            try execute(
                """
                UPDATE batches SET studio_position = \(position), updated_at = \(at)
                WHERE id = \(batch) AND realm = \(realm)
                """)
        }
    }

    /// Forgets the order people gave to batches.
    package func resetStudioOrder(realm: Int64, at: Timestamp) throws {
        try execute(
            """
            UPDATE batches SET studio_position = NULL, updated_at = \(at)
            WHERE realm = \(realm) AND studio_position IS NOT NULL
            """)
    }
}
