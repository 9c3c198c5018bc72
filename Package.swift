// swift-tools-version: 6.3
import PackageDescription

// Stands above `let package`: a constant below it is not yet set when the manifest reads it.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

// Tests also reach what only the module itself sees; release builds have to be told so.
let testable = settings + [.unsafeFlags(["-enable-testing"])]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

extension Target {
    static func library(
        _ name: String, _ dependencies: [Dependency] = [], settings: [SwiftSetting] = settings
    ) -> Target {
        .target(name: name, dependencies: dependencies, swiftSettings: settings)
    }

    static func tests(_ name: String, _ dependencies: [Dependency]) -> Target {
        .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
    }
}

let package = Package(
    name: "vernier",
    products: [.executable(name: "vernier", targets: ["vernier"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["JSON"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CVipsSystem", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CVips", dependencies: ["CVipsSystem"]),

        .library("Geometry"),
        .library("JSON", ["CSimdjson"]),
        .library("Labeling", ["Geometry", "JSON"]),
        .library("Storage", ["CPostgres", "JSON", crypto, grdb, logging, sqlite], settings: testable),
        .library(
            "Media", ["Geometry", "CVips", asyncHTTPClient, crypto, logging, nioCore, nioPosix, nioHTTP1, nioSSL]),
        .library(
            "Work",
            ["JSON", "Labeling", "Media", "Storage", crypto, cryptoExtras, lifecycle, logging, nioCore, nioPosix],
            settings: testable),
        .library(
            "Server",
            ["JSON", "Labeling", "Media", "Storage", "Work", crypto, hummingbird, httpTypes, logging, nioCore],
            settings: testable),
        .executableTarget(
            name: "vernier",
            dependencies: [
                "JSON", "Labeling", "Media", "Storage", "Work", "Server",
                argumentParser, configuration, hummingbird, lifecycle, logging, nioCore, nioPosix, system, unixSignals,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["CSimdjson", "JSON", "Labeling", "Storage", grdb, logging, sqlite],
            path: "Benchmarks",
            exclude: ["README.md", "server", "web"],
            swiftSettings: settings),

        .target(
            name: "TestSupport",
            dependencies: ["JSON", "Labeling", "Media", "Storage", "Work", logging, nioCore, nioHTTP1, nioPosix],
            path: "Tests/TestSupport", swiftSettings: settings),
        .tests("GeometryTests", ["Geometry"]),
        .tests("JSONTests", ["JSON"]),
        .tests("LabelingTests", ["Geometry", "JSON", "Labeling"]),
        .tests("StorageTests", ["Storage"]),
        .tests("MediaTests", ["Media", crypto, logging, nioCore, nioPosix, nioHTTP1, nioSSL]),
        .tests("WorkTests", ["JSON", "Labeling", "Media", "Storage", "Work", lifecycle, logging, nioCore]),
        .tests(
            "ServerTests",
            [
                "JSON", "Labeling", "Media", "Storage", "Work", "Server", asyncHTTPClient, hummingbird, httpTypes,
                lifecycle, logging, nioCore, nioHTTP1, nioPosix,
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
