import ArgumentParser
import Configuration
import Foundation
import Logging
import Media
import SystemPackage
import Work

/// The flags that all commands share; what is not given comes from the environment, a file, or defaults.
struct SharedOptions: ParsableArguments {
    @Option(help: "The folder that holds everything: database, files, settings.")
    var data: String?

    @Option(help: "postgres://… in place of the embedded database.")
    var database: String?

    @Option(help: "Where files are kept, if not in the data folder.")
    var storage: String?

    @Option(help: "A JSON file with settings; by default vernier.json in the data folder.")
    var config: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    fileprivate var values: [String: String] {
        ["data": data, "database": database, "storage": storage, "config": config, "log.level": logLevel]
            .compactMapValues { $0 }
    }
}

/// The flags of commands that listen.
struct ListenOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port: Int?

    @Option(help: "Where this server is reached from outside, such as https://label.example.com.")
    var publicURL: String?

    fileprivate var values: [String: String] {
        ["host": host, "port": port.map(String.init), "public.url": publicURL].compactMapValues { $0 }
    }
}

/// Everything that can be set, with where each value came from decided: flags, then `VERNIER_…` variables, then the file.
struct Settings {
    /// The folder of the embedded database and store (`data`).
    let data: String
    /// `postgres://…`, or nil for the embedded database (`database`).
    let database: String?
    /// The object store, or nil for a folder in `data` (`storage`).
    let storage: String?
    /// How the bucket of `storage` is reached (`storage.endpoint`, `.region`, `.key`, `.secret`, `.token`, `.path.style`).
    let storageAccess: StorageAccess
    /// How a bucket of backups is reached, as that of `storage` where nothing else is said (`backup.endpoint` and so on).
    let backupAccess: StorageAccess
    /// About how many bytes of files of a bucket are kept at hand in the data folder (`storage.cache`).
    let storageCache: Int
    /// Where to listen (`host`, `port`).
    let host: String
    let port: Int
    /// Where people and receivers reach this server, without a trailing slash (`public.url`).
    let publicURL: String?
    /// Addresses that may be fetched and called although they are private: CIDRs (`fetch.allow`).
    let fetchAllow: String
    /// The address of this machine, or the proxy, that foreign addresses are called from (`fetch.source`, `fetch.proxy`).
    let fetchRoute: FetchRoute
    /// The addresses that others see calls come from, where they are not `fetch.source` (`fetch.addresses`).
    let fetchAddresses: [String]
    /// Proxies in front of this server, whose `X-Forwarded-For` is believed: CIDRs (`trusted.proxies`).
    let trustedProxies: [CIDR]
    /// A PEM file of further certificate authorities to trust (`fetch.ca`).
    let fetchCertificates: String?
    /// How many attachments are fetched from one host for one account at a time, and how many a second,
    /// and how often one is tried (`fetch.per.host`, `fetch.rate`, `fetch.tries`).
    let fetchPace: FetchPace
    /// The seconds in which an attachment has to be there, from resolving its host's name to its last byte (`fetch.timeout`).
    let fetchTimeout: Int
    /// The most pixels of a picture (`max.pixels`).
    let maxPixels: Int
    /// A sendmail-compatible command for callbacks to e-mail addresses (`sendmail`).
    let sendmail: String?
    /// The key that seals secrets in the database, outside of it (`secret.key.file`); by default in the data folder.
    let secretKeyFile: String
    /// Where the keys come from with which this server takes roles of customers; nil for nowhere (`aws.identity`).
    let awsIdentity: ServerIdentity.Source?
    /// A file or a URL to which the ends of the logs are told every day (`proof.head`).
    let proofHead: String?
    /// Where the built web UI stands (`web`); found beside the program by default.
    let web: String?
    /// How long a claim on work lasts without a sign of life, in seconds (`lease.seconds`).
    let leaseSeconds: Int
    /// The most bytes of one resumable upload (`upload.limit`).
    let uploadLimit: Int64
    /// How long what nobody uses is kept (`unused.files.days`, `object.grace.hours`).
    let retention: Retention
    /// Foreign pages that may stand in instructions (`instruction.frames`).
    let instructionFrames: [String]
    /// From which level on is logged (`log.level`).
    let logLevel: Logger.Level

    init(_ shared: SharedOptions, _ listen: ListenOptions? = nil) async throws {
        let flags = shared.values.merging(listen?.values ?? [:]) { first, _ in first }
        let environment = EnvironmentVariablesProvider(
            secretsSpecifier: .specific([
                "VERNIER_DATABASE", "VERNIER_STORAGE_SECRET", "VERNIER_STORAGE_TOKEN", "VERNIER_BACKUP_SECRET",
                "VERNIER_BACKUP_TOKEN",
            ])
        )
        .prefixKeys(with: "vernier")
        let given = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: flags.map {
                    (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(stringLiteral: $0.value))
                }))
        let first = ConfigReader(providers: [given, environment])
        data = first.string(forKey: "data", default: "data")
        let file = first.string(forKey: "config", default: data + "/vernier.json")
        var providers: [any ConfigProvider] = [given, environment]
        if FileManager.default.fileExists(atPath: file) {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw StartError("The settings file \(file) cannot be read: \(error)")
            }
        } else if first.string(forKey: "config") != nil {
            throw StartError("There is no settings file at \(file).")
        }
        let reader = ConfigReader(providers: providers)
        database = reader.string(forKey: "database", isSecret: true)
        storage = reader.string(forKey: "storage")
        storageAccess = try StorageAccess(reader, "storage")
        backupAccess = try StorageAccess(reader, "backup", otherwise: storageAccess)
        storageCache = try Self.number("storage.cache", 10 << 30, 1 << 20...Int.max, reader)
        host = reader.string(forKey: "host", default: "127.0.0.1")
        let portText = reader.string(forKey: "port", default: "8080")
        guard let port = Int(portText), (0...65535).contains(port) else {
            throw StartError("The port must be a number from 0 to 65535, not \(portText).")
        }
        self.port = port
        publicURL = reader.string(forKey: "public.url").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        fetchAllow = reader.string(forKey: "fetch.allow", default: "")
        do {
            fetchRoute = try FetchRoute(
                source: reader.string(forKey: "fetch.source"),
                proxy: reader.string(forKey: "fetch.proxy", isSecret: true))
        } catch { throw StartError(error.description) }
        fetchAddresses = reader.string(forKey: "fetch.addresses", default: "")
            .split { $0 == "," || $0 == " " }.map(String.init)
        do {
            trustedProxies = try CIDR.list(reader.string(forKey: "trusted.proxies", default: ""))
        } catch { throw StartError("trusted.proxies: \(error)") }
        fetchCertificates = reader.string(forKey: "fetch.ca")
        let pixels = reader.string(forKey: "max.pixels", default: String(PictureLimits().pixels))
        guard let maxPixels = Int(pixels), maxPixels > 0 else {
            throw StartError("max.pixels must be a number of pixels from 1 on, not \(pixels).")
        }
        self.maxPixels = maxPixels
        let rate = try Self.number("fetch.rate", 0, 0...100_000, reader)
        fetchPace = FetchPace(
            perHost: try Self.number("fetch.per.host", FetchPace().perHost, 1...128, reader),
            perSecond: rate == 0 ? nil : rate,
            tries: try Self.number("fetch.tries", FetchPace().tries, 1...20, reader))
        fetchTimeout = try Self.number(
            "fetch.timeout", Int(FetchLimits().exchange.components.seconds), 1...86_400, reader)
        sendmail = reader.string(forKey: "sendmail")
        secretKeyFile = reader.string(forKey: "secret.key.file", default: data + "/secret.key")
        let identity = reader.string(forKey: "aws.identity", default: "")
        awsIdentity = ServerIdentity.Source(rawValue: identity)
        guard identity.isEmpty || awsIdentity != nil else {
            throw StartError("aws.identity must be empty, environment or metadata, not \(identity).")
        }
        proofHead = reader.string(forKey: "proof.head")
        web = reader.string(forKey: "web")
        let lease = reader.string(forKey: "lease.seconds", default: "300")
        guard let leaseSeconds = Int(lease), (1...86_400).contains(leaseSeconds) else {
            throw StartError("lease.seconds must be a number of seconds from 1 to 86400, not \(lease).")
        }
        self.leaseSeconds = leaseSeconds
        uploadLimit = Int64(try Self.number("upload.limit", 4 << 30, 1...Int.max, reader))
        let days = try Self.number("unused.files.days", 30, 0...36_500, reader)
        retention = Retention(
            unusedFileDays: days == 0 ? nil : days,
            objectHours: try Self.number("object.grace.hours", 24, 1...8760, reader))
        let frames = reader.string(forKey: "instruction.frames", default: "")
        switch frames {
        case "": instructionFrames = []
        case "google-docs": instructionFrames = ["https://docs.google.com"]
        default: throw StartError("instruction.frames must be empty or google-docs, not \(frames).")
        }
        let level = reader.string(forKey: "log.level", default: "info")
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw StartError(
                "The log level must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")), not \(level)."
            )
        }
        self.logLevel = logLevel
    }

    private static func number(
        _ name: String, _ otherwise: Int, _ allowed: ClosedRange<Int>, _ reader: ConfigReader
    ) throws -> Int {
        let text = reader.string(forKey: ConfigKey(name), default: String(otherwise))
        guard let number = Int(text), allowed.contains(number) else {
            throw StartError(
                "\(name) must be a number from \(allowed.lowerBound) to \(allowed.upperBound), not \(text).")
        }
        return number
    }

    /// The effective values, for people; secrets are not shown.
    var lines: [(name: String, value: String)] {
        let bucket = storage == nil ? [] : storageAccess.lines + [("storage.cache", "\(storageCache) bytes")]
        return ownLines + bucket
    }

    private var ownLines: [(name: String, value: String)] {
        [
            ("data", data),
            ("database", database.map { _ in "postgres (address not shown)" } ?? "sqlite in the data folder"),
            ("storage", storage ?? "folder in the data folder"), ("host", host), ("port", String(port)),
            ("public.url", publicURL ?? "not set: links are relative to host and port"),
            ("fetch.allow", fetchAllow.isEmpty ? "nothing private" : fetchAllow),
            ("fetch.source", fetchRoute.source?.description ?? "any address of this machine"),
            ("fetch.proxy", fetchRoute.proxy.map { "\($0.host):\($0.port)" } ?? "none"),
            ("fetch.addresses", fetchSources.isEmpty ? "not known" : fetchSources.joined(separator: " ")),
            (
                "trusted.proxies",
                trustedProxies.isEmpty ? "none" : trustedProxies.map(\.description).joined(separator: " ")
            ),
            ("fetch.per.host", String(fetchPace.perHost)),
            ("fetch.rate", fetchPace.perSecond.map { "\($0) a second" } ?? "not bounded"),
            ("fetch.tries", String(fetchPace.tries)),
            ("fetch.timeout", "\(fetchTimeout) seconds"), ("max.pixels", String(maxPixels)),
            ("fetch.ca", fetchCertificates ?? "none beside the system's"), ("sendmail", sendmail ?? "not set: no mail"),
            ("secret.key.file", secretKeyFile),
            ("upload.limit", "\(uploadLimit) bytes"),
            ("unused.files.days", retention.unusedFileDays.map { "\($0)" } ?? "0: kept for good"),
            ("object.grace.hours", String(retention.objectHours)),
            ("aws.identity", awsIdentity?.rawValue ?? "none: roles are taken with keys of the integrations"),
            ("proof.head", proofHead ?? "not set: the ends of the logs are kept nowhere else"),
            ("web", webFolder?.path ?? "not built"), ("lease.seconds", String(leaseSeconds)),
            ("instruction.frames", instructionFrames.isEmpty ? "none" : instructionFrames.joined(separator: " ")),
            ("log.level", logLevel.rawValue),
        ]
    }

    /// What others have to let in so that their files can be fetched.
    var fetchSources: [String] {
        fetchAddresses.isEmpty && fetchRoute.proxy == nil
            ? [fetchRoute.source?.description].compactMap(\.self) : fetchAddresses
    }

    /// The folder of the built web UI: as set, or `web/dist` in a folder above the program.
    var webFolder: URL? {
        if let web { return URL(fileURLWithPath: web) }
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = folder.appendingPathComponent("web/dist")
            if FileManager.default.fileExists(atPath: candidate.appendingPathComponent("index.html").path) {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
