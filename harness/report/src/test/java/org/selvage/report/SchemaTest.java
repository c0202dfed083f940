package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Hazards;
import org.selvage.search.LockCycle;
import org.selvage.search.Search;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is written for other programs, held against the schemas of its formats. */
final class SchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final List<String> MESSAGES =
            Stream.concat(
                            Stream.of(
                                    "",
                                    " ",
                                    "]]>",
                                    "\"quoted\" 'once' <a href=\"x\">&amp;</a>",
                                    "half a pair \ud83d and a whole one \ud83d\ude00",
                                    "no characters \ufffe\uffff",
                                    "[a link](0) {0} {1}",
                                    "line\r\nline\u2028line\u0085line",
                                    "long ".repeat(400_000)),
                            java.util.stream.IntStream.range(0, 32)
                                    .mapToObj(c -> "a" + (char) c + "b"))
                    .toList();

    /** Every kind of failure, and what a message may be made of. */
    private static List<Finding> findings() throws Exception {
        List<Finding> findings = new ArrayList<>();
        findings.add(Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22"));
        findings.add(Samples.deadlock().finding());
        findings.add(Samples.staleRead());
        findings.add(livelock());
        findings.add(Samples.lostUpdate().finding().with(hazards()));
        for (String program : List.of("lostUpdate", "statics", "lockOrder", "monitors")) {
            findings.add(WovenProgramTest.find(program));
        }
        TraceBuilder silent = new TraceBuilder("main");
        silent.begin(0).end(0);
        findings.add(
                silent.finding(silent.failed(0, new IllegalStateException()), "scenario x", ""));
        for (String message : MESSAGES) {
            findings.add(Samples.lostUpdate(message).finding());
        }
        return findings;
    }

    private static Finding livelock() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").begin(1).write(0, "A.x", "A.a:2").write(1, "A.x", "A.b:3");
        StackTraceElement frame = TraceBuilder.frame("example.A", "a", 2);
        return b.finding(
                b.build(
                        new Verdict.Livelock(
                                List.of(
                                        new Verdict.Turn("main", OperationKind.WRITE, 0),
                                        new Verdict.Turn("one", OperationKind.WRITE, 0)),
                                List.of(
                                        TraceBuilder.blocked(
                                                "main",
                                                org.selvage.scheduler.Task.State.RUNNABLE,
                                                "",
                                                "",
                                                frame)))),
                "main example.A",
                "");
    }

    private static Hazards hazards() {
        List<StackTraceElement> stack = List.of(TraceBuilder.frame("example.A", "a", 2));
        return new Hazards(
                List.of(
                        new DataRaces.Sighting(
                                "A.x",
                                new DataRaces.Access("one", true, "A.a:2", stack),
                                new DataRaces.Access("two", false, "A.a:2", List.of()))),
                List.of(
                        new LockCycle(
                                List.of(
                                        new LockCycle.Edge("one", "l", "A.a:1", "r", "A.a:2"),
                                        new LockCycle.Edge("two", "r", "A.b:1", "l", "A.b:2")))));
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(SchemaTest.class.getResourceAsStream(name), name);
    }

    /** The schema; members that it does not name are allowed only if it says so itself. */
    private static Schema schema(String resource, boolean isClosed) throws IOException {
        JsonNode schema;
        try (InputStream in = open(resource)) {
            schema = MAPPER.readTree(in);
        }
        if (isClosed) {
            close(schema);
        }
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        registry -> registry.schemaRegistryConfig(config))
                .getSchema(schema);
    }

    private static void close(JsonNode schema) {
        schema.forEach(SchemaTest::close);
        if (schema instanceof ObjectNode node
                && node.path("type").asString("").equals("object")
                && node.has("properties")
                && !node.has("oneOf")) {
            node.put("additionalProperties", false);
        }
    }

    private static List<String> errors(Schema schema, String json) {
        return schema.validate(MAPPER.readTree(json)).stream().map(Error::toString).toList();
    }

    private static String without(String json, String pointer, String member) {
        ObjectNode root = (ObjectNode) MAPPER.readTree(json);
        ((ObjectNode) root.at(pointer)).remove(member);
        return root.toString();
    }

    // ---- finding.json

    @Test
    void everyFindingIsAsItsSchemaSays() throws Exception {
        Schema schema = schema("finding.schema.json", true);
        for (Finding finding : findings()) {
            String json = FindingJson.print(finding);
            assertThat(errors(schema, json)).isEmpty();
            assertThat(FiledFinding.parseJson("it", json).schedule())
                    .as("it is read back")
                    .isEqualTo(finding.schedule());
        }
    }

    @Test
    void theSchemaRefusesWhatIsNoFinding() throws Exception {
        Schema schema = schema("finding.schema.json", true);
        String good = FindingJson.print(WovenProgramTest.find("lostUpdate"));
        for (String member : MAPPER.readTree(good).propertyNames()) {
            assertThat(errors(schema, without(good, "", member))).as(member).isNotEmpty();
        }
        assertThat(errors(schema, without(good, "/operations/3", "words"))).isNotEmpty();
        assertThat(errors(schema, without(good, "/cause/neighbour/operations/3", "words")))
                .isNotEmpty();
        assertThat(errors(schema, good.replace("\"kind\":\"read\"", "\"kind\":\"look\"")))
                .isNotEmpty();
        assertThat(errors(schema, good.replace("\"nanos\":", "\"unheard\":1,\"nanos\":")))
                .isNotEmpty();
    }

    @Test
    void theSchemaNamesEveryKindOfOperation() throws Exception {
        JsonNode kinds;
        try (InputStream in = open("finding.schema.json")) {
            kinds = MAPPER.readTree(in).at("/$defs/operation/properties/kind/enum");
        }
        List<String> named = kinds.valueStream().map(JsonNode::asString).toList();
        assertThat(new TreeSet<>(named))
                .isEqualTo(
                        new TreeSet<>(
                                Stream.of(OperationKind.values())
                                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                        .toList()));
    }

    // ---- SARIF

    @Test
    void sarifIsAsItsSchemaSays() throws Exception {
        Schema schema = schema("/schema/sarif-schema-2.1.0.json", false);
        assertThat(errors(schema, Sarif.print(List.of()))).isEmpty();
        assertThat(errors(schema, Sarif.print(findings()))).isEmpty();
        Function<String, String> odd = path -> "a b/\u00e4 #?%5b/" + path;
        assertThat(errors(schema, Sarif.print(findings(), (name, file) -> odd.apply(file))))
                .isEmpty();
    }

    @Test
    void theSchemaRefusesWhatIsNoSarif() throws Exception {
        Schema schema = schema("/schema/sarif-schema-2.1.0.json", false);
        String good = Sarif.print(List.of(Samples.lostUpdate().finding().with(hazards())));
        assertThat(errors(schema, without(good, "/runs/0/results/0", "message"))).isNotEmpty();
        assertThat(errors(schema, without(good, "/runs/0", "tool"))).isNotEmpty();
        assertThat(errors(schema, good.replace("\"note\"", "\"remark\""))).isNotEmpty();
        assertThat(errors(schema, good.replace("\"executionOrder\"", "\"order\""))).isNotEmpty();
        assertThat(good).contains("example/Counter.java");
        assertThat(errors(schema, good.replace("example/Counter.java", "a b"))).isNotEmpty();
    }

    // ---- JUnit XML

    private static void checkXml(String xml) throws IOException, SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.newSchema(new StreamSource(open("junit-report.xsd")))
                .newValidator()
                .validate(new StreamSource(new StringReader(xml)));
    }

    private static Outcome nothing(long unknown) {
        return new Outcome.Nothing(
                new Coverage(
                        "scenario x\u0001",
                        "<\"p\">",
                        "portfolio",
                        List.of("budget=30s"),
                        new Search.Result(
                                null,
                                9,
                                9,
                                9,
                                9,
                                3_600_000_000_000L,
                                unknown,
                                unknown == 0 ? null : new Verdict.StepLimit(9),
                                false)));
    }

    @Test
    void junitXmlIsAsItsSchemaSays() throws Exception {
        List<Outcome> outcomes = new ArrayList<>(List.of(nothing(0), nothing(7)));
        for (Finding finding : findings()) {
            outcomes.add(new Outcome.Found(finding));
        }
        checkXml(JUnitXml.print(outcomes));
        checkXml(JUnitXml.print(List.of()));
    }

    @Test
    void theSchemaRefusesWhatIsNoJUnitXml() {
        String good = JUnitXml.print(List.of(nothing(7)));
        for (String attribute :
                List.of("skipped=\"1\"", "classname=", "time=\"3600.000\"", "tests=\"1\"")) {
            assertThat(good).contains(attribute);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> checkXml(good.replace(attribute, "other=\"\" x=")))
                    .isInstanceOf(SAXException.class);
        }
    }
}
