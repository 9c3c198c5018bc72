import Media
import Storage

/// A trial of an integration: logs in, lists a key and reads a byte, and says in words what is missing.
package struct CloudTrial: Sendable {
    /// One thing that was tried.
    package struct Step: Sendable, Equatable {
        /// What a step tries.
        package enum Name: String, Sendable, CaseIterable {
            case login, list, read
        }

        package let name: Name
        package let passed: Bool
        /// What was found, or what is wrong and where to change it.
        package let message: String
    }

    package let steps: [Step]

    /// Whether attachments can be read; listing is only needed for tasks from a bucket.
    package var passed: Bool {
        steps.contains { $0.name == .read && $0.passed } && !steps.contains { $0.name == .login && !$0.passed }
    }

    /// What to change first; nil if all is well.
    package var fault: String? {
        passed ? nil : (steps.first { !$0.passed && $0.name != .list } ?? steps.first { !$0.passed })?.message
    }

    /// Tries an integration, with a file of its or with the first that is found.
    static func run(
        _ integration: CloudIntegration, file: CloudAddress?, in environment: WorkEnvironment
    ) async throws -> CloudTrial {
        let service: CloudService
        var steps: [Step] = []
        do {
            service = try await CloudSources(environment: environment).service(of: integration)
            if integration[.roleARN] != nil {
                steps.append(Step(name: .login, passed: true, message: "The role was taken."))
            }
            if integration[.serviceAccount] != nil {
                steps.append(Step(name: .login, passed: true, message: "The provider gave a token."))
            }
        } catch let error as FetchError {
            let setting: CloudField = integration.provider == .google ? .serviceAccount : .stsEndpoint
            let message = words(error, integration, setting: setting)
            return CloudTrial(steps: [Step(name: .login, passed: false, message: message)])
        }
        let (listed, found) = try await list(integration, in: environment)
        steps.append(listed)
        if let file = file ?? found {
            steps.append(try await read(file, with: service, integration, in: environment))
        } else if listed.passed {
            steps.append(
                Step(name: .read, passed: true, message: "There is no file under the prefix yet, so none was read."))
        } else {
            steps.append(
                Step(name: .read, passed: false, message: listed.message + " Or name a file to try reading alone."))
        }
        return CloudTrial(steps: steps)
    }

    private static func list(
        _ integration: CloudIntegration, in environment: WorkEnvironment
    ) async throws -> (Step, CloudAddress?) {
        do {
            let page = try await ObjectListing(environment: environment)
                .page(of: integration.prefix, integration, after: nil, limit: 10)
            let found = page.entries.first.map { integration.prefix.with(key: $0.key) }
            let message = found.map { "The first file is \($0.text)." } ?? "There is no file under the prefix yet."
            return (Step(name: .list, passed: true, message: message), found)
        } catch let error as FetchError {
            return (Step(name: .list, passed: false, message: words(error, integration)), nil)
        }
    }

    private static func read(
        _ file: CloudAddress, with service: CloudService, _ integration: CloudIntegration,
        in environment: WorkEnvironment
    ) async throws -> Step {
        let now = Int(environment.now().microseconds / 1_000_000)
        do {
            let answer = try await environment.fetcher.send(
                service.read(file, firstByteOnly: true, at: now), replyLimit: 16_384)
            // Of an empty file there is no first byte.
            if answer.isSuccess || answer.status == 416 {
                return Step(name: .read, passed: true, message: "\(file.text) can be read.")
            }
            return Step(
                name: .read, passed: false,
                message: CloudWords(integration: integration, place: file, act: .read)(answer))
        } catch let error as FetchError {
            return Step(name: .read, passed: false, message: words(error, integration))
        }
    }

    /// What a call that was not answered means for the settings.
    private static func words(
        _ error: FetchError, _ integration: CloudIntegration, setting: CloudField = .endpoint
    ) -> String {
        let place =
            switch (setting, integration[setting]) {
            case (.serviceAccount, _): "the `token_uri` of `service_account`"
            case (let field, .some): "`\(field.rawValue)`"
            case (_, nil) where integration.provider == .s3: "`region`"
            default: "`prefix`"
            }
        return switch error.code {
        case .status: error.message
        case .refusedAddress:
            "The server that \(place) names has an address that may not be called; an operator of this server can allow it "
                + "(fetch.allow)."
        case .unresolvable: "There is no server of the name that follows from \(place)."
        case .connection: "The server that \(place) names takes no connections: check its host and port."
        case .timeout: "The server that \(place) names did not answer in time: check its host and port."
        case .tls:
            "The certificate of the server that \(place) names was not accepted; an operator of this server can add its "
                + "authority (fetch.ca)."
        case .invalidURL: "\(place) cannot be called. \(error.message)"
        case .tooLarge, .tooManyRedirects, .unsupportedType: error.message
        }
    }
}
