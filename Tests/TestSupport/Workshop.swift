import Foundation
import JSON
package import Labeling
package import Logging
package import Media
import NIOCore
import NIOPosix
package import Storage
import Synchronization
package import Work

/// A time that a test moves, and that goes on by a millisecond whenever it is looked up, so that ids keep their order.
package final class TestClock: Sendable {
    private let time = Mutex(Seed.start)

    /// The time that was looked up last.
    package var now: Timestamp { time.withLock { $0 } }

    /// What the parts of a workshop see when they look up the time.
    package func tick() -> Timestamp {
        time.withLock { time in
            time = time.adding(milliseconds: 1)
            return time
        }
    }

    /// Moves the time on.
    package func advance(_ seconds: Double) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
    }
}

/// Everything the rules work with, real and of a test's own: a database, a store, a fetcher that may call this machine.
package struct Workshop: Sendable {
    package let backend: Backend
    package let database: any Database
    /// The store as everything sees it.
    package var store: RegisteredStore { environment.objects }

    /// The files under it.
    package let folderStore: FolderStore
    package let environment: WorkEnvironment
    package let clock: TestClock
    package let seed: Seed

    /// A folder of the test's own.
    package let folder: String

    /// The account's key for its live world, which may do everything.
    package let key: Actor

    /// The account's key for its test world.
    package let testKey: Actor

    private let fetcher: GuardedFetcher

    /// Draws and reads pictures in all tests.
    package static let pictures = Pictures(decoder: .built, threads: 2)
    private static let resolver = SystemResolver(threads: 1)
    fileprivate static let gate = Gate(places: 4)

    init(
        _ backend: Backend, _ place: DatabasePlace, mailScript: String?, limits: FetchLimits, logger: Logger
    ) async throws {
        self.backend = backend
        folder = place.folder
        database = try await place.open()
        clock = TestClock()
        seed = try await Seed.account(in: database)
        folderStore = try FolderStore(root: place.folder + "/objects", threads: 2)
        fetcher = try GuardedFetcher(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, resolver: Self.resolver,
            allow: try CIDR.list("127.0.0.0/8"), limits: limits, logger: logger)
        var command: String?
        if let mailScript {
            let path = place.folder + "/mail"
            try mailScript.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            command = path
        }
        let sealer = try Sealer(keyFile: place.folder + "/secret.key")
        environment = WorkEnvironment(
            database: database, objects: folderStore, fetcher: fetcher, pictures: Self.pictures, jobs: JobSignal(),
            links: FileLinks(
                publicURL: "http://vernier.test",
                ring: try await LinkRing(database: database, sealer: sealer, now: Seed.start)),
            sendmail: command, sealer: sealer, logger: logger,
            now: { [clock] in clock.tick() })
        key = Self.key(of: seed, isTest: false)
        testKey = Self.key(of: seed, isTest: true)
    }

    func close() async throws {
        try await fetcher.shutdown()
        try await folderStore.shutdown()
        await database.close()
    }

    /// A key of any account.
    package static func key(of seed: Seed, isTest: Bool = false) -> Actor {
        Actor(
            kind: .key(id: "key"),
            realm: RealmContext(id: isTest ? seed.test : seed.live, account: seed.account, isTest: isTest),
            role: .admin, name: "the key")
    }

    /// A new person of the account.
    package func person(_ email: String, _ role: Role = .labeler) async throws -> Actor {
        let id = try await seed.user(
            email, role: MemberRow.Role(rawValue: role.rawValue) ?? .labeler, in: database)
        return Actor(kind: .person(id: id), realm: key.realm, role: role, name: email)
    }

    // MARK: What can be done

    package var tasks: TaskOperations { TaskOperations(environment: environment) }
    package var batches: BatchOperations { BatchOperations(environment: environment) }
    package var projects: ProjectOperations { ProjectOperations(environment: environment) }
    package var work: WorkOperations { WorkOperations(environment: environment) }
    package var deliveries: DeliveryOperations { DeliveryOperations(environment: environment) }
    package var files: FileOperations { FileOperations(environment: environment) }
    package var studio: StudioOperations { StudioOperations(environment: environment) }
    package var bulk: BulkOperations { BulkOperations(environment: environment) }
    package var exports: ExportOperations { ExportOperations(environment: environment) }
    package var quality: QualityOperations { QualityOperations(environment: environment) }
    package var accounts: AccountOperations {
        AccountOperations(database: database, sealer: environment.sealer, now: environment.now)
    }

    /// Creates a task; one without files if nothing else is asked for.
    package func create(
        _ type: String = "categorization", _ body: String = Sample.text(), idempotencyKey: String? = nil,
        by actor: Actor? = nil
    ) async throws -> TaskRow {
        guard let type = TaskTypes.named(type) else { throw NeverHappened(description: "no task type \(type)") }
        return try await tasks.create(
            type, body: ByteBuffer(string: body), idempotencyKey: idempotencyKey, by: actor ?? key)
    }

    /// Creates a project of categorization tasks, if nothing else is asked for.
    @discardableResult
    package func project(
        _ name: String, type: String = "categorization", params: String? = nil,
        product: ProjectRow.Product = .standard, by actor: Actor? = nil
    ) async throws -> ProjectWithHistory {
        guard let type = TaskTypes.named(type) else { throw NeverHappened(description: "no task type \(type)") }
        return try await projects.create(
            NewProjectRequest(
                type: type, name: name, params: params.map { .init($0) }, product: product, pipeline: nil,
                consensusAttempts: nil, datasetID: nil), by: actor ?? key)
    }

    /// Creates a batch.
    @discardableResult
    package func batch(
        _ name: String, of project: String, callback: String? = nil, by actor: Actor? = nil
    ) async throws -> BatchRow {
        try await batches.create(
            NewBatchRequest(
                project: project, name: name, callback: callback, kind: .production, metadata: .init("{}")),
            by: actor ?? key)
    }

    /// A task as it stands in the database.
    package func stored(_ id: String, realm: Int64? = nil) async throws -> TaskRow {
        let realm = realm ?? seed.live
        guard let row = try await database.read({ db in try db.task(realm: realm, id: id) }) else {
            throw NeverHappened(description: "no task \(id)")
        }
        return row
    }

    /// The names of what has happened to an object, oldest first.
    package func history(_ object: String, realm: Int64? = nil) async throws -> [String] {
        let realm = realm ?? seed.live
        return try await database.read { db in
            try db.events(realm: realm, object: object, limit: 1000).map(\.action)
        }
    }

    /// A picture of one colour.
    package static func picture(_ width: Int, _ height: Int, as format: PictureFormat = .jpeg) async throws -> [UInt8] {
        try await pictures.encode(
            [UInt8](repeating: 90, count: width * height * 3), width: width, height: height, as: format
        ).bytes
    }
}

/// Bodies that create small tasks.
package enum Sample {
    /// A categorization of a text, which needs no file, with further members such as `"unique_id": "a"`.
    package static func text(_ more: String...) -> String {
        let members =
            [
                #""attachment_type":"text""#, #""attachment":"Good morning""#, #""instruction":"Polite or not?""#,
                #""categories":["polite","rude"]"#,
            ] + more
        return "{\(members.joined(separator: ","))}"
    }

    /// Boxes around cows.
    package static func boxes(_ url: String, _ more: String...) -> String {
        let members =
            [
                #""attachment":"\#(url)""#, #""instruction":"Draw.""#,
                #""geometries":{"box":{"objects_to_annotate":["cow"],"min_width":5,"min_height":5}}"#,
            ] + more
        return "{\(members.joined(separator: ","))}"
    }

    /// A comparison of two pictures.
    package static func comparison(_ first: String, _ second: String, _ more: String...) -> String {
        let members =
            [
                #""attachment_type":"image""#, #""attachments":["\#(first)","\#(second)"]"#,
                #""instruction":"The same?""#, #""choices":["yes","no"]"#,
            ] + more
        return "{\(members.joined(separator: ","))}"
    }
}

extension Backend {
    /// Lets a test have a workshop, perhaps with a program that takes mails, and clears it away afterwards.
    package func withWorkshop(
        mailScript: String? = nil, limits: FetchLimits = FetchLimits(), logger: Logger = quietLogger,
        _ body: (Workshop) async throws -> Void
    ) async throws {
        try await Workshop.gate.within {
            try await withPlace { place in
                let workshop = try await Workshop(
                    self, place, mailScript: mailScript, limits: limits, logger: logger)
                do {
                    try await body(workshop)
                } catch {
                    try await workshop.close()
                    throw error
                }
                try await workshop.close()
            }
        }
    }
}
