/* Parses heads again and again with picohttpparser. ParserBench does the same in Java. */
#include "../ring/bench.h"
#include "picohttpparser.h"

enum { HEADERS_MAX = 100, BATCH = 64 };

struct head {
    const char *start;
    size_t length;
};

struct parser {
    struct head *heads;
    unsigned char *order; /* indices of heads */
    size_t orders;
    size_t next;
};

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail(path, errno);
    *length = ftell(file);
    rewind(file);
    char *bytes = malloc(*length + 1);
    if (bytes == NULL || fread(bytes, 1, *length, file) != *length)
        fail(path, errno);
    bytes[*length] = 0;
    fclose(file);
    return bytes;
}

/* Heads stand one behind the other, and each ends in the first empty line. */
static struct head *split(const char *bytes, size_t length)
{
    struct head *heads = calloc(256, sizeof *heads);
    const char *start = bytes;
    for (int i = 0; i < 256 && start < bytes + length; i++) {
        const char *end = strstr(start, "\r\n\r\n") + 4;
        heads[i] = (struct head){start, end - start};
        start = end;
    }
    return heads;
}

static long run(void *bench, int turns)
{
    struct parser *parser = bench;
    for (int i = 0; i < turns * BATCH; i++) {
        struct head *head = &parser->heads[parser->order[parser->next]];
        if (++parser->next == parser->orders)
            parser->next = 0;
        struct phr_header headers[HEADERS_MAX];
        size_t count = HEADERS_MAX;
        const char *method, *path;
        size_t method_length, path_length;
        int minor_version;
        int used = phr_parse_request(head->start, head->length, &method, &method_length, &path,
                                     &path_length, &minor_version, headers, &count, 0);
        if (used != (int)head->length) {
            fprintf(stderr, "picohttpparser refuses this head (%d):\n%s", used, head->start);
            exit(1);
        }
    }
    return (long)turns * BATCH;
}

int main(int argc, char **argv)
{
    size_t length;
    struct parser parser = {0};
    const char *bytes = read_file(option(argc, argv, "heads"), &length);
    parser.heads = split(bytes, length);
    parser.order = (unsigned char *)read_file(option(argc, argv, "order"), &parser.orders);
    measure(argc, argv, run, &parser, 0, 0, 0);
    return 0;
}
