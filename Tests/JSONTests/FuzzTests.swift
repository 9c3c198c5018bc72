import Foundation
import JSON
import TestSupport
import Testing

@Suite struct FuzzTests {
    /// What may be refused although the grammar allows it.
    private static let ownRefusals = [
        "stands twice in the same object", "is an integer beyond 64 bits", "is a number too large to represent",
        "is nested deeper than",
    ]

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `mutated documents are judged as the grammar judges them`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: 1000 + seed)
        var accepted = 0
        for _ in 0..<1000 {
            let bytes = mutated(Array(Rendered.random(depth: 4, &chance).text.utf8), &chance)
            let found = fault(of: bytes)
            let isJSON = StrictJudge.accepts(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            if let fault = found {
                #expect(fault.message != "The body is not valid JSON.", "no reason found: \(text)")
                let isOwn = Self.ownRefusals.contains { fault.message.contains($0) }
                #expect(!isJSON || isOwn, "refused: \(text): \(fault.message)")
            } else {
                accepted += 1
                #expect(isJSON, "accepted: \(text)")
                let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
                #expect(theirs, "accepted, but not by Foundation: \(text)")
                // Walking everything must not trap either.
                try JSONDocument.read(bytes) { walk($0) }
            }
        }
        // Otherwise the test would only see the refusing side.
        #expect(accepted > 50 && accepted < 950)
    }

    private func walk(_ value: JSONValue) {
        _ = (value.rawText, value.int, value.double, value.string)
        for member in value.members {
            _ = member.name
            walk(member.value)
        }
        for element in value.elements { walk(element) }
    }

    private func mutated(_ original: [UInt8], _ chance: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &chance) {
            let at = Int.random(in: 0...bytes.count, using: &chance)
            let telling = Array("\"\\{}[]:,0-+.eEtfnu /\n\u{0}\u{1F}é\u{FEFF}".utf8)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: bytes.insert(telling.randomElement(using: &chance) ?? 0, at: at)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: at)
            case 2: if at < bytes.count { bytes.remove(at: at) }
            case 3: if at < bytes.count { bytes[at] = telling.randomElement(using: &chance) ?? 0 }
            case 4: if at < bytes.count { bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance) }
            default:
                let end = min(bytes.count, at + Int.random(in: 0..<12, using: &chance))
                bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &chance))
            }
        }
        return bytes
    }
}
