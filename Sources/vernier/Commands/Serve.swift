import ArgumentParser
import Foundation
import Logging
import Media
import NIOCore
import Server
import ServiceLifecycle
import UnixSignals
import Work

/// Runs the server: API, web UI and, unless told otherwise, the workers.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run API, web UI and workers in one process.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var listen: ListenOptions

    @Flag(help: "Leave the jobs to other processes (vernier work).")
    var noWorkers = false

    func run() async throws {
        try await Platform.with(try await Settings(shared, listen)) { platform in
            let admins = FirstAdminOperations(
                database: platform.database, accounts: platform.accounts,
                identities: IdentityOperations(database: platform.database))
            let token = try await admins.offer()
            try await Self.serve(platform, workers: !noWorkers) { address in
                Console.say("vernier is ready at \(address)")
                guard let token else { return }
                Console.tell("Nobody can sign in yet. Open \(address)/#/first/\(token) to become the admin.")
            }
        }
    }

    /// Serves until the process is told to stop; what runs then is finished.
    static func serve(
        _ platform: Platform, workers: Bool, onReady: @escaping @Sendable (String) async -> Void
    ) async throws {
        let settings = platform.settings
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let application = try ServerApplication.make(
            platform.environment,
            ServerSettings(
                host: settings.host, port: settings.port,
                isSecure: settings.publicURL?.hasPrefix("https://") ?? false, webFolder: settings.webFolder,
                version: Vernier.version, instructionFrames: settings.instructionFrames,
                proxies: settings.trustedProxies, fetchSources: settings.fetchSources),
            eventLoopGroup: platform.eventLoopGroup
        ) { port in
            await onReady("http://\(host):\(port)")
        }
        var services: [any Service] = [
            application, LinkUpkeep(platform.environment.links.ring, logger: platform.logger),
        ]
        if workers {
            services += [Worker(environment: platform.environment), Upkeep(environment: platform.environment)]
        }
        do {
            try await run(services, logger: platform.logger)
        } catch let error as IOError {
            throw StartError("\(settings.host):\(settings.port) cannot be listened on: \(reason(error)).")
        }
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case EADDRINUSE: "the port is taken"
        case EACCES: "that is not permitted"
        case EADDRNOTAVAIL: "this machine has no such address"
        default: String(cString: strerror(error.errnoCode))
        }
    }

    static func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Runs the workers alone.
struct WorkOnly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "work", abstract: "Run the workers only.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var listen: ListenOptions

    func run() async throws {
        try await Platform.with(try await Settings(shared, listen)) { platform in
            Console.say("vernier works")
            try await Serve.run(
                [
                    Worker(environment: platform.environment), Upkeep(environment: platform.environment),
                    LinkUpkeep(platform.environment.links.ring, logger: platform.logger),
                ],
                logger: platform.logger)
        }
    }
}

/// Brings the database up to date.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database up to date, as every start does.")

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try await Platform.with(try await Settings(shared)) { _ in print("The database is up to date.") }
    }
}

/// Shows the effective settings and tries what they name.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the effective settings and try them.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let settings = try await Settings(shared, listen)
        print("vernier \(Vernier.version)")
        let width = settings.lines.map(\.name.count).max() ?? 0
        func tell(_ name: String, _ value: String) {
            print("  \(name.padding(toLength: width, withPad: " ", startingAt: 0)) \(value)")
        }
        for line in settings.lines { tell(line.name, line.value) }
        try await Platform.with(settings) { platform in
            let members = try await platform.accounts.members(account: AccountOperations.defaultName)
            tell("database", "answers; \(members.count) people in the account \(AccountOperations.defaultName)")
            let objects = platform.environment.objects
            let stored = try await objects.put([UInt8]("vernier".utf8))
            try await objects.delete(stored.hash)
            tell("objects", "can be written")
            try await platform.pictures.check()
            tell("pictures", "\(Pictures.tool) works in a process of its own")
            if let identity = platform.environment.identity {
                do { tell("identity", "takes roles as \(try await identity.credentials().accessKey)") } catch let error
                    as FetchError
                { throw StartError(error.message) }
            }
        }
        print("Everything is in order.")
    }
}
