package import JSON
import Labeling
package import Storage

/// What a new batch is asked to be.
package struct NewBatchRequest: Sendable {
    package var project: String
    package var name: String
    package var callback: String?
    package var kind: BatchRow.Kind
    package var metadata: RawJSON

    package init(project: String, name: String, callback: String?, kind: BatchRow.Kind, metadata: RawJSON) {
        self.project = project
        self.name = name
        self.callback = callback
        self.kind = kind
        self.metadata = metadata
    }
}

/// What a list of batches is asked for.
package struct BatchListing: Sendable {
    /// A project by name.
    package var project: String?
    package var filter = BatchFilter()
    package var limit = 100
    package var offset = 0

    package init() {}
}

/// What can be done with batches.
package struct BatchOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// Creates a batch: staging where the project's product has batches launched, in progress otherwise.
    package func create(_ request: NewBatchRequest, by actor: Actor) async throws -> BatchRow {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let project = try db.existingProject(realm: realm, named: request.project)
            let row = BatchRow(
                id: Identifier.make(now), realm: realm, name: request.name, projectID: project.id,
                project: project.name, kind: request.kind,
                status: project.product == .standard ? .inProgress : .staging, callback: request.callback,
                metadata: request.metadata.text, priority: nil, studioPosition: nil, createdAt: now, updatedAt: now,
                completedAt: nil, lastAuditedAt: nil, archivedAt: nil)
            guard try db.insertBatch(row) else {
                throw Refusal(.duplicate, "A batch named \(JSONWriter.quoted(row.name)) already exists.")
            }
            try Self.record("batch.created", row, before: nil, by: actor, in: db, now: now)
            return row
        }
    }

    /// One batch by name.
    package func batch(_ name: String, by actor: Actor) async throws -> BatchRow {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let row = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            return row
        }
    }

    /// A batch and how many of its tasks stand where.
    package func status(_ name: String, by actor: Actor) async throws -> (batch: BatchRow, counts: StatusCounts?) {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let row = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            return (row, try db.batchCounts(realm: realm, ids: [row.id])[row.id])
        }
    }

    /// A page of batches, newest first, with the number of all that match.
    package func list(_ listing: BatchListing, by actor: Actor) async throws -> (rows: [BatchRow], total: Int) {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            var filter = listing.filter
            if let name = listing.project {
                guard let project = try db.project(realm: realm, named: name) else { return ([], 0) }
                filter.project = project.id
            }
            return (
                try db.batches(realm: realm, filter: filter, limit: listing.limit, offset: listing.offset),
                try db.batchTotal(realm: realm, filter: filter)
            )
        }
    }

    /// Launches a batch: its tasks go to work.
    package func finalize(_ name: String, by actor: Actor) async throws -> BatchRow {
        let row = try await change(name, "batch.finalized", by: actor) { db, row, now in
            let project = try db.project(realm: row.realm, id: row.projectID)
            let isLaunched = project?.product != .standard
            guard row.status == .staging else {
                guard !isLaunched else { throw BatchLifecycleError.alreadyFinalized }
                return
            }
            _ = try db.setBatchStatus(realm: row.realm, id: row.id, from: .staging, to: .inProgress, at: now)
            try db.enqueue([LaunchBatch.job(realm: row.realm, batch: row.id, at: now)], at: now)
        }
        environment.jobs.raise(.launchBatch)
        return row
    }

    /// Replaces a batch's metadata.
    package func setMetadata(_ name: String, _ metadata: RawJSON, by actor: Actor) async throws -> BatchRow {
        try await change(name, "batch.metadata_set", by: actor) { db, row, now in
            _ = try db.setBatchMetadata(realm: row.realm, id: row.id, metadata: metadata.text, at: now)
        }
    }

    /// Sets a batch's priority before it is launched.
    package func prioritize(_ name: String, _ priority: Int, by actor: Actor) async throws -> BatchRow {
        try await change(name, "batch.prioritized", by: actor) { db, row, now in
            _ = try db.setBatchPriority(realm: row.realm, id: row.id, priority: priority, at: now)
        }
    }

    func change(
        _ name: String, _ action: String, by actor: Actor,
        _ body: @escaping @Sendable (any Connection, BatchRow, Timestamp) throws -> Void
    ) async throws -> BatchRow {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            guard let before = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            try body(db, before, now)
            guard let after = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            if before != after { try Self.record(action, after, before: before, by: actor, in: db, now: now) }
            return after
        }
    }

    static func record(
        _ action: String, _ after: BatchRow, before: BatchRow?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: after.realm, at: now, actor: actor.label, objectKind: "batch", objectID: after.id,
                action: action, before: before?.text, after: after.text))
    }
}

extension BatchRow {
    /// Writes the batch as the annotation API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("project", project)
            writer.field("name", name)
            writer.field("callback", callback ?? "")
            writer.field("status", status.rawValue)
            writer.field("created_at", time: createdAt.microseconds)
            if let completedAt { writer.field("completed_at", time: completedAt.microseconds) }
            writer.field("metadata", raw: metadata)
            writer.field("calibration_batch", kind == .calibration)
            writer.field("self_label_batch", kind == .selfLabel)
            writer.field("priority", ifPresent: priority)
        }
    }

    /// The wire form as text, as the event log keeps it.
    var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }
}
