import JSON
import Labeling
import Media
package import Storage

/// What admins do with the places where an account's files lie.
package struct IntegrationOperations: Sendable {
    private let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// What somebody gave of an integration; of settings, an empty text takes one away.
    package struct Change: Sendable {
        package var name: String?
        package var prefix: String?
        package var values: [CloudField: String]

        package init(name: String?, prefix: String?, values: [CloudField: String]) {
            self.name = name
            self.prefix = prefix
            self.values = values
        }
    }

    /// An integration without its secrets; of these, only which there are.
    package struct Shown: Sendable {
        package let row: IntegrationRow
        package let settings: [CloudField: String]
        package let secrets: [CloudField]
    }

    private static let missing = Refusal(.notFound, "There is no integration with that id.")

    /// Whether roles can be taken without keys, by this server's own identity.
    package var hasIdentity: Bool { environment.identity != nil }

    /// The account's integrations, by prefix, and the external id that its roles demand.
    package func list(by actor: Actor) async throws -> (integrations: [Shown], externalID: String) {
        let account = actor.realm.account
        let (rows, externalID) = try await environment.database.write { db in
            (try db.integrations(account: account), try ExternalID.of(account: account, in: db))
        }
        return (try rows.map(shown), externalID)
    }

    /// One integration.
    package func integration(_ id: String, by actor: Actor) async throws -> Shown {
        try shown(try await row(id, by: actor))
    }

    /// Stores an integration.
    package func create(_ new: Change, by actor: Actor) async throws -> Shown {
        let now = environment.now()
        let row = IntegrationRow(
            id: Identifier.make(now), accountID: actor.realm.account, provider: "", name: "", prefix: "",
            settings: "{}",
            sealed: "", createdAt: now)
        let changed = try apply(new, to: row, values: [:], now: now)
        try await environment.database.write { db in
            guard try db.insertIntegration(changed) else { throw Self.taken(changed) }
            try Self.record("integration.created", before: nil, after: changed, by: actor, in: db, now: now)
        }
        return try shown(changed)
    }

    /// Changes an integration; secrets that are not given stay.
    package func change(_ id: String, _ change: Change, by actor: Actor) async throws -> Shown {
        let now = environment.now()
        let row = try await row(id, by: actor)
        let changed = try apply(change, to: row, values: try opened(row), now: now)
        try await environment.database.write { db in
            // What was read may have changed meanwhile; then the settings would be a mix of two people's.
            guard try db.integration(account: row.accountID, id: id)?.updatedAt == row.updatedAt else {
                throw Refusal(.conflict, "Somebody else changed this integration just now; look at it again.")
            }
            guard try db.updateIntegration(changed) else { throw Self.taken(changed) }
            try Self.record("integration.changed", before: row, after: changed, by: actor, in: db, now: now)
        }
        return try shown(changed)
    }

    /// Forgets an integration and its secrets.
    package func delete(_ id: String, by actor: Actor) async throws {
        let now = environment.now()
        let row = try await row(id, by: actor)
        try await environment.database.write { db in
            guard try db.deleteIntegration(account: row.accountID, id: id) else { throw Self.missing }
            try Self.record("integration.deleted", before: row, after: nil, by: actor, in: db, now: now)
        }
    }

    /// Tries an integration with a file that is named, or the first there is.
    package func test(_ id: String, file: String?, by actor: Actor) async throws -> CloudTrial {
        let row = try await row(id, by: actor)
        let integration = try CloudSources(environment: environment).open(row)
        let address = try file.map { text in
            guard let address = CloudAddress(text), integration.prefix.covers(address), !address.key.isEmpty else {
                throw Issues("file", "`file` must be an address of a file under \(row.prefix).")
            }
            return address
        }
        let trial = try await CloudTrial.run(integration, file: address, in: environment)
        let now = environment.now()
        try await environment.database.write { db in
            try db.noteIntegrationTest(row, fault: trial.fault, at: now)
            try Self.record("integration.tested", before: nil, after: row, by: actor, in: db, now: now)
        }
        return trial
    }

    // MARK: Parts

    private func row(_ id: String, by actor: Actor) async throws -> IntegrationRow {
        let account = actor.realm.account
        guard let row = try await environment.database.read({ db in try db.integration(account: account, id: id) })
        else { throw Self.missing }
        return row
    }

    /// The settings with their secrets; without, if the key was lost, so that they can be entered again.
    private func opened(_ row: IntegrationRow) throws -> [CloudField: String] {
        do {
            return try CloudIntegration(row, environment.sealer).values
        } catch is Sealer.Failure {
            return [:]
        }
    }

    private func shown(_ row: IntegrationRow) throws -> Shown {
        let values = try opened(row)
        return Shown(
            row: row, settings: values.filter { !$0.key.isSecret },
            secrets: CloudField.allCases.filter { $0.isSecret && values[$0] != nil })
    }

    private func apply(
        _ change: Change, to row: IntegrationRow, values: [CloudField: String], now: Timestamp
    ) throws -> IntegrationRow {
        var row = row
        guard let prefix = CloudAddress(change.prefix ?? row.prefix), !prefix.bucket.isEmpty else {
            throw Issues(
                "prefix",
                "`prefix` must be s3://bucket/, gs://bucket/ or https://account.blob.core.windows.net/container/, with the "
                    + "beginning of keys behind it if wanted.")
        }
        guard row.provider.isEmpty || row.provider == prefix.provider.rawValue else {
            throw Issues(
                "prefix", "`prefix` must stay with \(CloudAddress.Provider(rawValue: row.provider)?.words ?? "").")
        }
        let given = values.merging(change.values) { _, new in new }.filter { !$0.value.isEmpty }
        let integration = CloudIntegration(
            id: row.id, version: now.microseconds, prefix: prefix, values: given)
        let issues = integration.issues(now: now, hasIdentity: environment.identity != nil) {
            try environment.fetcher.check($0)
        }
        guard issues.isEmpty else { throw Issues(issues) }
        row.provider = prefix.provider.rawValue
        row.name = change.name ?? row.name
        row.prefix = prefix.text
        row.settings = integration.json(secrets: false)
        row.sealed = try environment.sealer.seal(
            integration.json(secrets: true), for: CloudIntegration.purpose(row.id))
        // A change within the same moment is one too.
        row.updatedAt = max(now, Timestamp(microseconds: row.updatedAt.microseconds + 1))
        row.testedAt = nil
        row.fault = nil
        return row
    }

    private static func taken(_ row: IntegrationRow) -> Refusal {
        Refusal(.duplicate, "There is an integration for \(row.prefix) already.")
    }

    /// Secrets are no part of what is logged.
    private static func record(
        _ action: String, before: IntegrationRow?, after: IntegrationRow?, by actor: Actor, in db: any Connection,
        now: Timestamp
    ) throws {
        func note(_ row: IntegrationRow) -> String {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("name", row.name)
                writer.field("prefix", row.prefix)
                writer.field("settings", raw: row.settings)
            }
            return writer.text
        }
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: "integration",
                objectID: (after ?? before)?.id ?? "", action: action, before: before.map(note), after: after.map(note))
        )
    }
}
