package org.selvage.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A headless Chromium, driven over the DevTools protocol with what the JDK has. One page. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long TIMEOUT_SECONDS = 60;

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
    private final StringBuilder incoming = new StringBuilder();
    private final StringBuilder complaints = new StringBuilder();
    private CompletableFuture<JsonNode> loaded = new CompletableFuture<>();
    private String session = "";
    private int last;

    /**
     * Starts the browser named by the system property {@code selvage.chromium}, or the one on the
     * path.
     */
    Chromium(Path profile, boolean dark) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        executable(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1500,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank");
        if (dark) {
            builder.command().add(1, "--force-dark-mode");
        }
        process = builder.redirectErrorStream(true).start();
        socket =
                client.newWebSocketBuilder()
                        .buildAsync(URI.create(endpoint(process)), new Listener())
                        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        ObjectNode blank = mapper.createObjectNode().put("url", "about:blank");
        String target = call("Target.createTarget", blank).path("targetId").asString();
        session =
                call(
                                "Target.attachToTarget",
                                mapper.createObjectNode()
                                        .put("targetId", target)
                                        .put("flatten", true))
                        .path("sessionId")
                        .asString();
        call("Page.enable", mapper.createObjectNode());
        call("Runtime.enable", mapper.createObjectNode());
        call("Log.enable", mapper.createObjectNode());
    }

    private static String executable() {
        String named = System.getProperty("selvage.chromium", "");
        if (!named.isEmpty()) {
            return named;
        }
        for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator, -1)) {
            for (String name : NAMES) {
                if (Files.isExecutable(Path.of(folder, name))) {
                    return Path.of(folder, name).toString();
                }
            }
        }
        throw new IllegalStateException(
                "no Chromium on the path; install one or name it with -Dselvage.chromium=PATH");
    }

    private static String endpoint(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            int at = line.indexOf("ws://");
            if (at >= 0) {
                // Goes on reading, so that the browser never waits for somebody to do so.
                Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
                return line.substring(at).strip();
            }
            seen.append(line).append('\n');
        }
        throw new IOException("Chromium did not start:\n" + seen);
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            incoming.append(data);
            if (isLast) {
                JsonNode message = mapper.readTree(incoming.toString());
                incoming.setLength(0);
                receive(message);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private void receive(JsonNode message) {
        CompletableFuture<JsonNode> reply = replies.remove(message.path("id").asInt(-1));
        if (reply != null) {
            if (message.has("error")) {
                reply.completeExceptionally(
                        new IllegalStateException(message.path("error").toString()));
            } else {
                reply.complete(message.path("result"));
            }
            return;
        }
        switch (message.path("method").asString("")) {
            case "Page.loadEventFired" -> loaded.complete(message);
            case "Runtime.exceptionThrown", "Log.entryAdded" -> {
                synchronized (complaints) {
                    complaints.append(message.path("params")).append('\n');
                }
            }
            default -> {
                // Other events are of no interest here.
            }
        }
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = ++last;
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        replies.put(id, reply);
        ObjectNode message = mapper.createObjectNode().put("id", id).put("method", method);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        message.set("params", parameters);
        socket.sendText(mapper.writeValueAsString(message), true)
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return reply.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Opens a page and waits until it has loaded. */
    void open(Path page, String fragment) throws Exception {
        loaded = new CompletableFuture<>();
        call("Page.navigate", mapper.createObjectNode().put("url", page.toUri() + fragment));
        loaded.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** What an expression gives, as text. */
    String evaluate(String expression) throws Exception {
        JsonNode result =
                call(
                        "Runtime.evaluate",
                        mapper.createObjectNode()
                                .put("expression", "String(" + expression + ")")
                                .put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(result.path("exceptionDetails").toString());
        }
        return result.path("result").path("value").asString();
    }

    /** Presses and releases a key. */
    void press(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = mapper.createObjectNode().put("type", type).put("key", key);
            if (key.length() == 1 && type.equals("keyDown")) {
                event.put("text", key);
            }
            call("Input.dispatchKeyEvent", event);
        }
    }

    /** Types into what has the focus. */
    void type(String text) throws Exception {
        call("Input.insertText", mapper.createObjectNode().put("text", text));
    }

    /** Moves the pointer. */
    void hover(int x, int y) throws Exception {
        call(
                "Input.dispatchMouseEvent",
                mapper.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y));
    }

    /** Gives the page another size. */
    void resize(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                mapper.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    void screenshot(Path file) throws Exception {
        JsonNode shot =
                call("Page.captureScreenshot", mapper.createObjectNode().put("format", "png"));
        Files.write(file, Base64.getDecoder().decode(shot.path("data").asString()));
    }

    /** Errors of scripts, and what the page was refused by its policy. */
    String complaints() {
        synchronized (complaints) {
            return complaints.toString();
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        process.destroyForcibly();
        process.onExit().join();
    }
}
