package import Foundation
import HTTPTypes
package import Hummingbird
import JSON
import Labeling
import Logging
package import Media
package import NIOCore
package import Work

/// How the server listens.
package struct ServerSettings: Sendable {
    package var host: String
    package var port: Int
    /// Whether people come by https (through a proxy), so that cookies are marked so.
    package var isSecure: Bool
    /// Where the built web UI stands.
    package var webFolder: URL?
    package var version: String
    /// Where pages come from that may stand in instructions.
    package var instructionFrames: [String]
    /// Proxies in front of the server, whose word about where a request comes from is taken.
    package var proxies: [CIDR]
    /// The addresses that attachments are fetched from, for those who have to let them in; empty if nobody knows.
    package var fetchSources: [String]

    package init(
        host: String, port: Int, isSecure: Bool, webFolder: URL?, version: String, instructionFrames: [String] = [],
        proxies: [CIDR] = [], fetchSources: [String] = []
    ) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.webFolder = webFolder
        self.version = version
        self.instructionFrames = instructionFrames
        self.proxies = proxies
        self.fetchSources = fetchSources
    }
}

/// Puts the server together: every endpoint there is, on one screen.
package enum ServerApplication {
    /// All endpoints, as the dispatcher and the contract know them.
    package static func endpoints(
        _ environment: WorkEnvironment, _ identities: IdentityOperations, _ settings: ServerSettings,
        feed: ChangeFeed? = nil
    ) -> [Endpoint] {
        let tasks = TaskOperations(environment: environment)
        let work = WorkOperations(environment: environment)
        let projects = ProjectOperations(environment: environment)
        let batches = BatchOperations(environment: environment)
        let accounts = AccountOperations(
            database: environment.database, sealer: environment.sealer, now: environment.now)
        return [
            TaskRoutes(tasks: tasks).endpoints,
            TaskImportRoutes(tasks: tasks).endpoints,
            ImportRoutes(
                tasks: tasks, imports: ImportOperations(environment: environment), logger: environment.logger
            ).endpoints,
            BatchRoutes(batches: batches).endpoints,
            BatchSetupRoutes(batches: batches).endpoints,
            ProjectRoutes(projects: projects).endpoints,
            ProjectSetupRoutes(projects: projects).endpoints,
            VersionRoutes(projects: projects).endpoints,
            TableRoutes(tasks: tasks, links: environment.links, now: environment.now).endpoints,
            BulkRoutes(bulk: BulkOperations(environment: environment)).endpoints,
            ExportRoutes(exports: ExportOperations(environment: environment), objects: environment.objects).endpoints,
            FileRoutes(files: FileOperations(environment: environment)).endpoints,
            UploadRoutes(uploads: UploadOperations(environment: environment), logger: environment.logger).endpoints,
            QualityRoutes(quality: QualityOperations(environment: environment)).endpoints,
            TeamRoutes(accounts: accounts).endpoints,
            StudioRoutes(studio: StudioOperations(environment: environment)).endpoints,
            SessionRoutes(
                identities: identities, isSecure: settings.isSecure, instructionFrames: settings.instructionFrames
            ).endpoints,
            FirstAdminRoutes(
                admins: FirstAdminOperations(
                    database: environment.database, accounts: accounts, identities: identities),
                isSecure: settings.isSecure, instructionFrames: settings.instructionFrames
            ).endpoints,
            ProfileRoutes(
                profiles: ProfileOperations(
                    database: environment.database, identities: identities, now: environment.now)
            ).endpoints,
            PeopleRoutes(
                people: PeopleOperations(
                    database: environment.database, identities: identities, mail: environment.invitationMail,
                    now: environment.now),
                isSecure: settings.isSecure, instructionFrames: settings.instructionFrames
            ).endpoints,
            SecondFactorRoutes(
                factors: SecondFactorOperations(environment: environment, identities: identities),
                isSecure: settings.isSecure, instructionFrames: settings.instructionFrames
            ).endpoints,
            StaffRoutes(staff: StaffOperations(environment: environment)).endpoints,
            IntegrationRoutes(integrations: IntegrationOperations(environment: environment)).endpoints,
            KeyRoutes(keys: KeyOperations(database: environment.database, now: environment.now)).endpoints,
            WorkRoutes(work: work, links: environment.links, now: environment.now).endpoints,
            ReviewRoutes(work: work, tasks: tasks).endpoints,
            WorkflowRoutes(projects: ProjectOperations(environment: environment)).endpoints,
            AgreementRoutes(
                work: work, tasks: tasks, projects: ProjectOperations(environment: environment),
                links: environment.links, now: environment.now
            ).endpoints,
            SampleRoutes(audits: AuditOperations(environment: environment)).endpoints,
            VerdictRoutes(audits: AuditOperations(environment: environment)).endpoints,
            ReportRoutes(work: work, links: environment.links, now: environment.now).endpoints,
            StoredFileRoutes(objects: environment.objects, links: environment.links, now: environment.now).endpoints,
            TaskPageRoutes(tasks: tasks, links: environment.links, now: environment.now).endpoints,
            ProofRoutes(proofs: ProofOperations(environment: environment)).endpoints,
            DeliveryRoutes(deliveries: DeliveryOperations(environment: environment)).endpoints,
            InsightRoutes(
                insight: InsightOperations(environment: environment),
                feed: feed ?? ChangeFeed(environment: environment), now: environment.now
            ).endpoints,
            UsageRoutes(insight: InsightOperations(environment: environment), now: environment.now).endpoints,
            SettingsRoutes(settings: SettingsOperations(environment: environment)).endpoints,
            LinkRoutes(links: LinkOperations(environment: environment)).endpoints,
            SystemRoutes(
                environment: environment, version: settings.version, fetchSources: settings.fetchSources
            ).endpoints,
        ].flatMap { $0 }
    }

    /// The server, ready to run.
    ///
    /// `onRunning`: called with the port once connections are taken.
    package static func make(
        _ environment: WorkEnvironment, _ settings: ServerSettings, eventLoopGroup: any EventLoopGroup,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> some ApplicationProtocol {
        let identities = IdentityOperations(database: environment.database, now: environment.now)
        let feed = ChangeFeed(environment: environment)
        let endpoints = endpoints(environment, identities, settings, feed: feed)
        let web = try WebFiles(folder: settings.webFolder, frames: settings.instructionFrames)
        let contract = ContractFiles(endpoints, version: settings.version)
        let dispatcher = Dispatcher(
            endpoints: endpoints, authentication: Authentication(identities: identities),
            proxies: TrustedProxies(settings.proxies)
        ) { request, path in
            contract.reply(to: request, path: path) ?? web.reply(to: request, path: path)
        }
        return Application(
            responder: dispatcher,
            // A client that opens a connection for every request and leaves it open must not hold it for long.
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [feed],
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            eventLoopGroupProvider: .shared(eventLoopGroup), logger: environment.logger)
    }
}
