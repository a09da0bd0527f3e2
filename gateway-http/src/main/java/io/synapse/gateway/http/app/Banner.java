package io.synapse.gateway.http.app;

import java.net.URI;

/** What the server prints when it has started. */
final class Banner {
    private Banner() {}

    static String of(Settings settings, Application application) {
        String address = address(settings, application.port());
        StringBuilder text = new StringBuilder();
        application.firstStart().ifPresent(made -> {
            text.append("\nThis is the first start. The following is shown once:\n\n");
            text.append("  operator   ").append(made.email());
            text.append(made.password() == null ? "" : "   password " + made.password())
                    .append('\n');
            text.append("  live key   ").append(made.liveKey()).append("   (pays with credits)\n");
            text.append("  test key   ").append(made.testKey()).append("   (every model, answered by the sandbox)\n\n");
            text.append("Try it:\n\n").append(curl(address, made.liveKey())).append('\n');
        });
        return text.append("\nSynapse Gateway listens on ")
                .append(address)
                .append("\n  dashboard  ")
                .append(address)
                .append("\n  API        ")
                .append(address)
                .append("/api/v1\n  health     ")
                .append(address)
                .append("/healthz, /readyz, /metrics\n")
                .toString();
    }

    private static String address(Settings settings, int port) {
        URI known = settings.publicUrl();
        if (known != null) {
            return known.toString().replaceAll("/+$", "");
        }
        String host = settings.host().equals("0.0.0.0") || settings.host().equals("::") ? "127.0.0.1" : settings.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static String curl(String address, String key) {
        return "curl -i " + address + "/api/v1/chat/completions -H \"Authorization: Bearer " + key
                + "\" -H \"Content-Type: application/json\""
                + " -d '{\"model\":\"sandbox/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'\n";
    }
}
