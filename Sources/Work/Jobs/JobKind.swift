import Storage

/// What is done after a reply, one file a kind.
enum JobKind: String, CaseIterable, Sendable {
    case fetchAttachment = "fetch_attachment"
    case cutTiles = "cut_tiles"
    case shrinkPicture = "shrink_picture"
    case deliverCallback = "deliver_callback"
    case launchBatch = "launch_batch"
    case closeBatch = "close_batch"
    case resendDeliveries = "resend_deliveries"
    case mergeAnswers = "merge_answers"
    case changeTasks = "change_tasks"
    case writeExport = "write_export"
    case importBucket = "import_bucket"
    case fillWords = "fill_words"
    case mailInvitation = "mail_invitation"
    case finishUpload = "finish_upload"
    case collectObjects = "collect_objects"
    case sweepObjects = "sweep_objects"
    case publishHeads = "publish_heads"

    /// How many jobs of a kind run at a time in one process.
    var concurrency: Int {
        switch self {
        case .fetchAttachment, .deliverCallback: 128
        case .launchBatch, .closeBatch, .mergeAnswers, .changeTasks, .writeExport, .importBucket: 2
        case .mailInvitation, .finishUpload: 2
        // More than there are decoders, so that none of them waits while a picture is written down; of one account, half.
        case .shrinkPicture: 8
        case .resendDeliveries: 1
        // Large pictures are rare, and thumbnails of the others must not wait for them.
        case .cutTiles, .fillWords, .collectObjects, .sweepObjects, .publishHeads: 1
        }
    }

    /// How many of them may be of one lane, such as one receiver, so that a slow one holds up nobody else.
    var perLane: Int {
        switch self {
        case .fetchAttachment, .deliverCallback: 8
        // One account's exports and imports do not hold up those of another.
        case .writeExport, .importBucket, .finishUpload: 1
        case .launchBatch, .closeBatch, .cutTiles, .shrinkPicture, .resendDeliveries, .mergeAnswers, .changeTasks,
            .fillWords, .mailInvitation, .collectObjects, .sweepObjects, .publishHeads:
            .max
        }
    }

    /// Whether a job waits for somebody else's server, for which a stop of ours does not wait long.
    var isCutShort: Bool { self == .fetchAttachment }

    /// Whether a job takes the processors from fetches, for which tasks wait, while nobody waits for it.
    var givesWay: Bool { self == .shrinkPicture }

    /// How long a job stays with a worker that gives no sign of life; workers renew it at a third of that.
    static let leaseSeconds = 20.0

    func run(_ job: JobRow, _ environment: WorkEnvironment) async throws {
        switch self {
        case .fetchAttachment: try await FetchAttachment(environment: environment).run(job)
        case .cutTiles: try await CutTiles(environment: environment).run(job)
        case .shrinkPicture: try await ShrinkPicture(environment: environment).run(job)
        case .deliverCallback: try await DeliverCallback(environment: environment).run(job)
        case .launchBatch: try await LaunchBatch(environment: environment).run(job)
        case .closeBatch: try await CloseBatch(environment: environment).run(job)
        case .resendDeliveries: try await ResendDeliveries(environment: environment).run(job)
        case .mergeAnswers: try await MergeAnswers(environment: environment).run(job)
        case .changeTasks: try await ChangeTasks(environment: environment).run(job)
        case .writeExport: try await WriteExport(environment: environment).run(job)
        case .importBucket: try await ImportBucket(environment: environment).run(job)
        case .fillWords: try await FillWords(environment: environment).run(job)
        case .mailInvitation: try await MailInvitation(environment: environment).run(job)
        case .finishUpload: try await FinishUpload(environment: environment).run(job)
        case .collectObjects: try await CollectObjects(environment: environment).run(job)
        case .sweepObjects: try await SweepObjects(environment: environment).run(job)
        case .publishHeads: try await PublishHeads(environment: environment).run(job)
        }
    }
}

/// How a job tells that it is to be tried again later.
struct JobRetry: Error {
    let delay: Double
    let reason: String
    /// Whether the other side asked to be left alone until then, by this account's other jobs of the lane too.
    var holdsLane = false
}

/// The job is no longer this worker's: its lease ran out and somebody else has it.
struct JobLost: Error {}

extension JobRow {
    /// Ends the job in the transaction that holds its effects, so that they happen once.
    ///
    /// - Throws: `JobLost` if another worker has taken the job over; the effects are rolled back then.
    func finish(in db: any Connection) throws {
        guard try db.finishJob(id, token: leaseToken ?? "") else { throw JobLost() }
    }
}
