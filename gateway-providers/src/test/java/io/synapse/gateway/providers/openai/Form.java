package io.synapse.gateway.providers.openai;

import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A form that reached an upstream, read by the letter of RFC 7578: what is not exactly a form fails. */
record Form(List<Part> parts) {
    /**
     * A part of it.
     *
     * @param head its headers, line by line
     * @param content its bytes, each as one character
     */
    record Part(String head, String content) {
        byte[] bytes() {
            return content.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    static Form of(Request request) {
        String type = String.valueOf(request.header("Content-Type"));
        String start = "multipart/form-data; boundary=";
        if (!type.startsWith(start)) {
            throw new AssertionError("not a form: " + type);
        }
        String line = "--" + type.substring(start.length());
        String rest = new String(request.body(), StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        while (rest.startsWith(line + "\r\n")) {
            int end = rest.indexOf("\r\n" + line, line.length());
            int headEnd = rest.indexOf("\r\n\r\n");
            String head = new String(
                    rest.substring(line.length() + 2, headEnd).getBytes(StandardCharsets.ISO_8859_1),
                    StandardCharsets.UTF_8);
            parts.add(new Part(head, rest.substring(headEnd + 4, end)));
            rest = rest.substring(end + 2);
        }
        if (!rest.equals(line + "--\r\n")) {
            throw new AssertionError("a form ends with " + rest);
        }
        return new Form(parts);
    }

    /** Every part as one line: {@code name=text}, or {@code name=filename|type|bytes} of a file. */
    List<String> lines() {
        return parts.stream().map(Form::line).toList();
    }

    private static String line(Part part) {
        String[] head = part.head().split("\r\n", -1);
        String start = "Content-Disposition: form-data; name=\"";
        if (!head[0].startsWith(start) || !head[0].endsWith("\"")) {
            throw new AssertionError("not a form's part: " + head[0]);
        }
        String names = head[0].substring(start.length(), head[0].length() - 1);
        String text = new String(part.bytes(), StandardCharsets.UTF_8);
        if (head.length == 1) {
            return names + "=" + text;
        }
        return names.replace("\"; filename=\"", "=") + "|" + head[1].replace("Content-Type: ", "") + "|" + text;
    }
}
