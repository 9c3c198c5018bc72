import Foundation
import Logging
import Media
import NIOCore
import NIOPosix
import Storage
import Work

/// Everything that exists, wired: what each command picks its parts from.
struct Platform {
    let settings: Settings
    let logger: Logger
    let eventLoopGroup: any EventLoopGroup
    let database: any Database
    let fetcher: GuardedFetcher
    let pictures: Pictures
    let environment: WorkEnvironment
    let accounts: AccountOperations

    /// Opens what the settings name; the data folder and the default account are made at the first start.
    init(_ settings: Settings) async throws {
        self.settings = settings
        var logger = Logger(label: "vernier") { StructuredLog(label: $0, level: settings.logLevel) }
        logger.logLevel = settings.logLevel
        self.logger = logger
        eventLoopGroup = MultiThreadedEventLoopGroup.singleton
        do {
            try FileManager.default.createDirectory(
                atPath: settings.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError("The data folder \(settings.data) cannot be made: \(error.localizedDescription)")
        }
        do {
            database = try await settings.location.open(logger: logger)
        } catch let error as StorageError {
            throw StartError("The database cannot be opened: \(error)")
        }
        let sealer: Sealer
        do { sealer = try Sealer(keyFile: settings.secretKeyFile) } catch let error as Sealer.Failure {
            throw StartError(error.description)
        }
        let ring: LinkRing
        do { ring = try await LinkRing(database: database, sealer: sealer, now: Timestamp.now()) } catch let error
            as Sealer.Failure
        {
            throw StartError(error.description)
        }
        try await RealmSecrets(sealer).sealAll(in: database)
        accounts = AccountOperations(database: database, sealer: sealer)
        _ = try await accounts.account(AccountOperations.defaultName)
        let allowed = try CIDR.list(settings.fetchAllow)
        // What has to be shut down comes last, so that no earlier fault leaves it open.
        let objects = try await settings.openStore(eventLoopGroup)
        fetcher = try GuardedFetcher(
            eventLoopGroup: eventLoopGroup, allow: allowed,
            limits: FetchLimits(exchange: .seconds(settings.fetchTimeout)), route: settings.fetchRoute,
            trustRoots: settings.fetchCertificates, logger: logger)
        pictures = Pictures(
            decoder: .running, threads: max(2, System.coreCount), limits: PictureLimits(pixels: settings.maxPixels),
            logger: logger)
        environment = WorkEnvironment(
            database: database, objects: objects, fetcher: fetcher, pictures: pictures, jobs: JobSignal(),
            links: FileLinks(
                publicURL: settings.publicURL ?? "http://\(settings.host):\(settings.port)", ring: ring),
            sendmail: settings.sendmail, sealer: sealer,
            identity: settings.awsIdentity.map {
                ServerIdentity($0, variables: ProcessInfo.processInfo.environment)
            },
            proofHead: settings.proofHead,
            leaseSeconds: Double(settings.leaseSeconds),
            uploadLimit: settings.uploadLimit, retention: settings.retention, fetchPace: settings.fetchPace,
            logger: logger)
    }

    /// Closes everything in the opposite order.
    func close() async throws {
        try await fetcher.shutdown()
        try await pictures.shutdown()
        try await environment.objects.shutdown()
        await database.close()
    }

    /// Runs a command's work on an open platform and closes it afterwards.
    static func with<Result>(_ settings: Settings, _ body: (Platform) async throws -> Result) async throws -> Result {
        let platform = try await Platform(settings)
        do {
            let result = try await body(platform)
            try await platform.close()
            return result
        } catch {
            try await platform.close()
            throw error
        }
    }
}

extension Settings {
    /// Where the database is.
    var location: DatabaseLocation {
        database.map { .postgres(url: $0) } ?? .sqlite(path: data + "/vernier.sqlite")
    }
}
