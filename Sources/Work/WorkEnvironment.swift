import Foundation
package import Logging
package import Media
package import Storage

/// What every operation and job works with.
package struct WorkEnvironment: Sendable {
    package let database: any Database
    package let objects: RegisteredStore
    package let fetcher: GuardedFetcher
    package let pictures: Pictures
    /// Wakes the workers of this process when a job was written.
    package let jobs: JobSignal
    package let links: FileLinks
    /// A command that takes a mail on standard input as sendmail does; nil where mail cannot be sent.
    package let sendmail: String?
    /// Fetches and looks at files that run, for those who need the same at the same time.
    let fetches = SharedWork<FetchedRow>()
    let inspections = SharedWork<FileInspection.Finding>()
    /// Keeps secrets that must be readable again.
    package let sealer: Sealer
    /// Temporary keys and tokens of integrations.
    package let cloudSessions = CloudSessions()
    /// The AWS identity of this server; nil if it has none to use.
    package let identity: ServerIdentity?
    /// A file or a URL to which the ends of the logs are told every day; nil for nowhere.
    package let proofHead: String?
    /// How long a claim lasts without a sign of life.
    package let leaseSeconds: Double
    /// The most bytes of one resumable upload.
    package let uploadLimit: Int64
    package let retention: Retention
    /// How many attachments are fetched from one host at a time.
    package let fetchPace: FetchPace
    package let logger: Logger
    /// The time, passed in so that tests can set it.
    package let now: @Sendable () -> Timestamp

    package init(
        database: any Database, objects: any ObjectStore, fetcher: GuardedFetcher, pictures: Pictures,
        jobs: JobSignal, links: FileLinks, sendmail: String?, sealer: Sealer, identity: ServerIdentity? = nil,
        proofHead: String? = nil,
        leaseSeconds: Double = 300,
        uploadLimit: Int64 = 4 << 30, retention: Retention = Retention(), fetchPace: FetchPace = FetchPace(),
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.database = database
        self.objects = RegisteredStore(objects, database: database, now: now)
        self.fetcher = fetcher
        self.pictures = pictures
        self.jobs = jobs
        self.links = links
        self.sendmail = sendmail
        self.sealer = sealer
        self.identity = identity
        self.proofHead = proofHead
        self.leaseSeconds = leaseSeconds
        self.uploadLimit = uploadLimit
        self.retention = retention
        self.fetchPace = fetchPace
        self.logger = logger
        self.now = now
    }

    /// A new random UUID in lower case, as the wire has them.
    package static func makeUUID() -> String { UUID().uuidString.lowercased() }
}
