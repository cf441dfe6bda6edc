export interface paths {
    "/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search and list companies. */
        get: {
            parameters: {
                query?: {
                    q?: string;
                    /** @description comma-separated or repeated */
                    stage?: ("UNVERIFIED" | "QUALIFYING" | "QUALIFIED_LEAD" | "SALES_ACCEPTED" | "CUSTOMER" | "DISQUALIFIED" | "DORMANT" | "ARCHIVED")[];
                    /** @description comma-separated or repeated */
                    status?: ("lead" | "prospect" | "customer" | "inactive")[];
                    /** @description comma-separated or repeated */
                    orgKind?: ("customer" | "supplier" | "consultant" | "engineering_firm" | "internal" | "other")[];
                    owner?: string;
                    city?: string;
                    nextTask?: "none" | "overdue" | "today" | "later";
                    industry?: string;
                    /** @description comma-separated or repeated */
                    without?: ("industry" | "owner" | "city")[];
                    stageSinceFrom?: string;
                    stageSinceTo?: string;
                    enteredStage?: components["schemas"]["Stage"];
                    enteredFrom?: string;
                    enteredTo?: string;
                    leftStage?: components["schemas"]["Stage"];
                    leftFrom?: string;
                    leftTo?: string;
                    begunFrom?: string;
                    begunTo?: string;
                    passedStage?: components["schemas"]["Stage"];
                    /** @description comma-separated or repeated */
                    farthestStage?: ("UNVERIFIED" | "QUALIFYING" | "QUALIFIED_LEAD" | "SALES_ACCEPTED" | "CUSTOMER" | "DISQUALIFIED" | "DORMANT" | "ARCHIVED")[];
                    activityType?: components["schemas"]["ActivityType"];
                    /** @description comma-separated or repeated */
                    activityOutcome?: ("REACHED_DECISION_MAKER" | "REACHED_GATEKEEPER" | "NO_ANSWER" | "LEFT_VOICEMAIL" | "CALL_BACK_REQUESTED" | "WRONG_NUMBER" | "NOT_INTERESTED" | "SENT" | "REPLIED" | "BOUNCED" | "HELD" | "NO_SHOW" | "RESCHEDULED" | "FACTS_FOUND" | "NOTHING_FOUND")[];
                    activityBy?: string;
                    activityFrom?: string;
                    activityTo?: string;
                    sort?: "name" | "-name" | "updatedAt" | "-updatedAt" | "createdAt" | "-createdAt" | "stageSince" | "-stageSince" | "nextTask";
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                orgId: string;
                                name: string | null;
                                orgKind: string;
                                /** @enum {string} */
                                status: "lead" | "prospect" | "customer" | "inactive";
                                currentStage: string;
                                /** Format: date-time */
                                stageSince: string;
                                externalRef?: string;
                                website?: string;
                                phone?: string;
                                address?: {
                                    street?: string;
                                    postalCode?: string;
                                    city?: string;
                                    country?: string;
                                };
                                industry?: string;
                                accountOwner?: string;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                createdBy: string;
                                /** Format: date-time */
                                updatedAt: string;
                                updatedBy: string;
                                nextTask?: {
                                    /** Format: uuid */
                                    taskId: string;
                                    taskType: string;
                                    title: string;
                                    assignedQueue: string;
                                    assignee?: string;
                                    /** Format: date-time */
                                    dueAt?: string;
                                    priority?: string;
                                    dueIsEndOfDay?: boolean;
                                };
                                lastActivity?: {
                                    activityType: string;
                                    outcomeCode?: string;
                                    /** Format: date-time */
                                    at: string;
                                };
                                unmetForNext: components["schemas"]["RuleResult"][];
                            }[];
                            nextPageToken?: string;
                            total: number;
                            counts: {
                                [key: string]: number;
                            };
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Create a company; only the name is a must. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        name: string;
                        orgKind?: components["schemas"]["OrgKind"] & (string | null);
                        status?: components["schemas"]["OrgStatus"] & (string | null);
                        externalRef?: string | null;
                        website?: string | null;
                        phone?: string | null;
                        address?: {
                            street?: string | null;
                            postalCode?: string | null;
                            city?: string | null;
                            country?: string | null;
                        } | null;
                        industry?: string | null;
                        accountOwner?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Org"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What companies have as their city or industry, the most frequent first (at most 100): what the list can be filtered by. */
        get: {
            parameters: {
                query: {
                    of: "city" | "industry";
                    q?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                value: string;
                                companies: number;
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Companies that may be the same one, with why. */
        get: {
            parameters: {
                query?: {
                    name?: string;
                    website?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                orgId: string;
                                name: string | null;
                                orgKind: string;
                                /** @enum {string} */
                                status: "lead" | "prospect" | "customer" | "inactive";
                                currentStage: string;
                                /** Format: date-time */
                                stageSince: string;
                                externalRef?: string;
                                website?: string;
                                phone?: string;
                                address?: {
                                    street?: string;
                                    postalCode?: string;
                                    city?: string;
                                    country?: string;
                                };
                                industry?: string;
                                accountOwner?: string;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                createdBy: string;
                                /** Format: date-time */
                                updatedAt: string;
                                updatedBy: string;
                                because: string[];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A company. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Org"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change master data (JSON merge patch). Stage and status are not writable. */
        patch: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        name?: string;
                        orgKind?: components["schemas"]["OrgKind"];
                        externalRef?: string | null;
                        website?: string | null;
                        phone?: string | null;
                        address?: {
                            street?: string | null;
                            postalCode?: string | null;
                            city?: string | null;
                            country?: string | null;
                        } | null;
                        industry?: string | null;
                        accountOwner?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Org"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/orgs/{orgId}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear a company and its people for good (administrators). */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole company page in one call. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org?: components["schemas"]["Org"];
                            stage?: components["schemas"]["StageExplanation"];
                            cases?: components["schemas"]["Case"][];
                            tasks?: components["schemas"]["Task"][];
                            contacts?: components["schemas"]["Contact"][];
                            timeline?: {
                                items: components["schemas"]["TimelineEntry"][];
                                nextPageToken?: string;
                            };
                            unavailable: ("org" | "stage" | "cases" | "tasks" | "contacts" | "timeline")[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/stage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stage, how it came to it, and every transition with all of its rules. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StageExplanation"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Move the company to another stage: the one door. Refused, nothing has changed. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        fromStage?: components["schemas"]["Stage"] & (string | null);
                        toStage: components["schemas"]["Stage"];
                        /** Format: uuid */
                        caseId?: string | null;
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                        /** Format: uuid */
                        duplicateOfOrgId?: string | null;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org: components["schemas"]["Org"];
                            /** Format: uuid */
                            caseId?: string;
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/qualify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Qualify the company. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        followUpAt?: string;
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                        /** Format: uuid */
                        duplicateOfOrgId?: string | null;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org: components["schemas"]["Org"];
                            /** Format: uuid */
                            caseId?: string;
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/disqualify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disqualify the company; needs a reason. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        followUpAt?: string;
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                        /** Format: uuid */
                        duplicateOfOrgId?: string | null;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org: components["schemas"]["Org"];
                            /** Format: uuid */
                            caseId?: string;
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/dormant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the company rest until its next step; needs a reason. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        followUpAt?: string;
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                        /** Format: uuid */
                        duplicateOfOrgId?: string | null;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org: components["schemas"]["Org"];
                            /** Format: uuid */
                            caseId?: string;
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/stage/override": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move the company past its guard (administrators). */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        toStage: components["schemas"]["Stage"];
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            org: components["schemas"]["Org"];
                            /** Format: uuid */
                            caseId?: string;
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/stage/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every change of stage, newest first, with the facts that it was decided on. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                fromStage?: string;
                                toStage: string;
                                reasonCode?: string;
                                reasonNote?: string;
                                /** Format: date-time */
                                at: string;
                                actor: string;
                                /** Format: uuid */
                                caseId?: string;
                                facts?: {
                                    [key: string]: unknown;
                                };
                            }[];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contacts of a company, in the order in which they were added. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Contact"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Add a contact. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        name: string;
                        title?: string | null;
                        email?: string | null;
                        phone?: string | null;
                        decides?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Contact"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contacts/{contactId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A contact. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    contactId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Contact"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove a contact. */
        delete: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    contactId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a contact (JSON merge patch). */
        patch: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    contactId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        name?: string;
                        title?: string | null;
                        email?: string | null;
                        phone?: string | null;
                        decides?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Contact"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/contacts/{contactId}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear a person's data for good (administrators). */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    contactId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The activities of a company, newest first. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Activity"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Log an activity; a follow-up date becomes exactly one CALL_BACK task. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["ActivityInput"];
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Activity"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/activities/{activityId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An activity. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    activityId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Activity"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Undo an activity: cancels its open call-back and reopens the task that it completed. */
        delete: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    activityId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change an activity (JSON merge patch); a moved follow-up moves its open task. */
        patch: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    activityId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        activityType?: components["schemas"]["ActivityType"];
                        direction?: components["schemas"]["Direction"];
                        /** Format: date-time */
                        occurredAt?: string;
                        durationMinutes?: number | null;
                        outcomeCode?: components["schemas"]["ActivityOutcome"] & (string | null);
                        subject?: string | null;
                        notes?: string | null;
                        /** Format: uuid */
                        contactId?: string | null;
                        /** Format: uuid */
                        caseId?: string | null;
                        /** Format: date-time */
                        followUpAt?: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Activity"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/orgs/{orgId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that happened with a company, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description comma-separated or repeated */
                    kinds?: ("ACTIVITY" | "NOTE" | "STAGE" | "TASK" | "CASE" | "HANDOVER" | "ORG")[];
                    caseId?: string;
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["TimelineEntry"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/my/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My calls today, how many reached somebody, and the follow-ups agreed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            calls: number;
                            reached: number;
                            followUpsAgreed: number;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All queues with their counts, those first that I may work. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                queue: string;
                                label: components["schemas"]["Text"];
                                open: number;
                                overdue: number;
                                today: number;
                                week: number;
                                later: number;
                                unassigned: number;
                                mine: number;
                                /** Format: date-time */
                                oldestDueAt?: string;
                                byAssignment: {
                                    mine: {
                                        overdue: number;
                                        today: number;
                                        week: number;
                                        later: number;
                                    };
                                    unassigned: {
                                        overdue: number;
                                        today: number;
                                        week: number;
                                        later: number;
                                    };
                                    any: {
                                        overdue: number;
                                        today: number;
                                        week: number;
                                        later: number;
                                    };
                                };
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open tasks of a queue: overdue first, then due day, priority, time. */
        get: {
            parameters: {
                query?: {
                    assignee?: "me" | "unassigned" | "any";
                    bucket?: "overdue" | "today" | "week" | "later";
                    /** @description comma-separated or repeated */
                    taskType?: ("OPS_DATA_CHECK" | "ADD_CONTACT_POINTS" | "FIRST_OUTREACH" | "IDENTIFY_CONTACT" | "FIT_ASSESSMENT" | "CHECK_RELATION_SIGNALS" | "CALL_BACK" | "INTRO_MEETING" | "NEEDS_ANALYSIS" | "SEND_OFFER" | "FOLLOW_UP_OFFER" | "SET_NEXT_STEP" | "GENERAL")[];
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    queue: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Task"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What claim-next would give from this queue, and why. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    queue: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                            why: components["schemas"]["Text"];
                        };
                    };
                };
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/claim-next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Claim the next task of this queue. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    queue: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                            why: components["schemas"]["Text"];
                        };
                    };
                };
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/my/claim-next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Claim the next task over all queues that my roles work. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                            why: components["schemas"]["Text"];
                        };
                    };
                };
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tasks by company, case, status, type, the activity or template that caused them, queue, person, and when. */
        get: {
            parameters: {
                query?: {
                    orgId?: string;
                    caseId?: string;
                    /** @description comma-separated or repeated */
                    status?: ("OPEN" | "IN_PROGRESS" | "DONE" | "CANCELLED")[];
                    /** @description comma-separated or repeated */
                    taskType?: ("OPS_DATA_CHECK" | "ADD_CONTACT_POINTS" | "FIRST_OUTREACH" | "IDENTIFY_CONTACT" | "FIT_ASSESSMENT" | "CHECK_RELATION_SIGNALS" | "CALL_BACK" | "INTRO_MEETING" | "NEEDS_ANALYSIS" | "SEND_OFFER" | "FOLLOW_UP_OFFER" | "SET_NEXT_STEP" | "GENERAL")[];
                    sourceActivityId?: string;
                    queue?: components["schemas"]["Queue"];
                    assignee?: string;
                    unassigned?: "true";
                    createdFrom?: string;
                    createdTo?: string;
                    closedFrom?: string;
                    closedTo?: string;
                    closedBy?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    template?: string;
                    taskKey?: string;
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Task"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Create a task. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        orgId: string;
                        taskType: components["schemas"]["TaskType"];
                        title: string;
                        assignedQueue: components["schemas"]["Queue"];
                        assigneeRole?: components["schemas"]["Role"] & (string | null);
                        assignee?: string | null;
                        description?: string | null;
                        priority?: components["schemas"]["Priority"] & (string | null);
                        /** Format: date-time */
                        dueAt?: string;
                        /** Format: uuid */
                        caseId?: string | null;
                        /** Format: uuid */
                        contactId?: string | null;
                        waitingFor?: components["schemas"]["WaitingFor"] & (string | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/my/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open tasks that I have claimed. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Task"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A task. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a task (JSON merge patch). */
        patch: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        title?: string;
                        description?: string | null;
                        priority?: components["schemas"]["Priority"];
                        /** Format: uuid */
                        contactId?: string | null;
                        waitingFor?: components["schemas"]["WaitingFor"] & (string | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/tasks/{taskId}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the task. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the task back to its queue. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin with the task. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task is done. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        result?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task is not needed any more. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task is not done after all. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/reassign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the task to another queue, role or person. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        queue?: components["schemas"]["Queue"] & (string | null);
                        role?: components["schemas"]["Role"] & (string | null);
                        userId?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/reschedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move the due date. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        dueAt: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One action on up to 200 tasks, with a result for each. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        action: "claim" | "release" | "start" | "complete" | "cancel" | "reopen" | "reassign" | "reschedule";
                        taskIds: string[];
                        result?: string | null;
                        reason?: string | null;
                        /** Format: date-time */
                        dueAt?: string;
                        queue?: components["schemas"]["Queue"] & (string | null);
                        role?: components["schemas"]["Role"] & (string | null);
                        userId?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            results: {
                                taskId: string;
                                ok: boolean;
                                problem?: components["schemas"]["Problem"];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases by company, type, engine, status, role, queue, owner. */
        get: {
            parameters: {
                query?: {
                    orgId?: string;
                    /** @description comma-separated or repeated */
                    caseType?: ("QUALIFY_COMPANY" | "WORK_LEAD" | "OPPORTUNITY" | "INBOUND_REQUEST")[];
                    /** @description comma-separated or repeated */
                    engine?: ("customer_inbound" | "ops" | "inside_sales" | "outside_sales" | "order_admin")[];
                    /** @description comma-separated or repeated */
                    status?: ("NEW" | "IN_PROGRESS" | "WAITING_INTERNAL" | "WAITING_EXTERNAL" | "ESCALATED" | "BLOCKED" | "CLOSED")[];
                    /** @description comma-separated or repeated */
                    ownerRole?: ("inside_sales" | "ops" | "outside_sales" | "customer_inbound" | "order_admin" | "manager" | "administrator" | "service")[];
                    /** @description comma-separated or repeated */
                    ownerQueue?: ("INSIDE_SALES" | "SALES_OPS" | "OUTSIDE_SALES" | "CUSTOMER_INBOUND" | "ORDER_ADMIN")[];
                    owner?: string;
                    open?: "true" | "false";
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Case"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Open a case; a type that a template opens is opened by it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        orgId: string;
                        caseType: components["schemas"]["CaseType"];
                        engine: components["schemas"]["Engine"];
                        title: string;
                        description?: string | null;
                        priority?: components["schemas"]["Priority"] & (string | null);
                        /** Format: date-time */
                        dueAt?: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/my/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open cases that I have claimed. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Case"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a case (JSON merge patch). Status, stage, engine, phase and outcome are not writable. */
        patch: {
            parameters: {
                query?: never;
                header: {
                    "If-Match": string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        title?: string;
                        description?: string | null;
                        priority?: components["schemas"]["Priority"];
                        /** Format: date-time */
                        dueAt?: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/cases/{caseId}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the case. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the case back; for the WORK_LEAD case of an accepted company this is the one door and needs a reason. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"] | {
                            case: components["schemas"]["Case"];
                            org?: components["schemas"]["Org"];
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close the case with an outcome; one that moves the stage goes through the one door. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        outcomeCode: components["schemas"]["CaseOutcome"];
                        outcomeNote?: string | null;
                        reasonCode?: components["schemas"]["Reason"] & (string | null);
                        reasonNote?: string | null;
                        /** Format: uuid */
                        duplicateOfOrgId?: string | null;
                        /** Format: date-time */
                        followUpAt?: string;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"] | {
                            case: components["schemas"]["Case"];
                            org?: components["schemas"]["Org"];
                            /** Format: uuid */
                            activityId?: string;
                            completing: boolean;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notes of a case, newest first. */
        get: {
            parameters: {
                query?: {
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CaseNote"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Add a note. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        noteType: components["schemas"]["NoteType"];
                        body: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseNote"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/requirements/{requirementId}/fulfil": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a required output is; doing it again replaces it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                    requirementId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on to a later phase, once the outputs up to there are complete. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        phase: components["schemas"]["Phase"];
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the case to another engine, which accepts by claiming. Refused while outputs are missing; the attempt is remembered. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        engine: components["schemas"]["Engine"];
                        role: components["schemas"]["Role"];
                        queue: components["schemas"]["Queue"];
                        goal: string;
                        context: string;
                        openPoints: string[];
                        recommendation: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the case back to where it came from, naming what is missing: ids of outputs there, or other words. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        reason: string;
                        missing: string[];
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All templates with their versions and how many cases run on each. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["WorkflowTemplate"][];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A template with its versions. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorkflowTemplate"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{key}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What differs between two versions, part by part. */
        get: {
            parameters: {
                query: {
                    from: number;
                    to: number;
                };
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: components["schemas"]["TemplateChange"][];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{key}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a template for a company; joins the open case of its type. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        orgId: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            caseId: string;
                        };
                    };
                };
                /** @description Done. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            caseId: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would be different had a template or the table of stages been another: what people did is played again, what templates did is derived anew, twice, in memory. Changes nothing; closing the connection cancels. `since`: put in force then; cases of before keep what they were opened with. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        template?: string | null;
                        stages?: string | null;
                        /** Format: date-time */
                        since?: string;
                        orgIds?: string[] | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SimulationResult"];
                        "text/event-stream": components["schemas"]["SimulationProgress"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{key}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of a template: its YAML, its parts with their places in it, and how many of its tasks are open. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: string;
                            version: number;
                            source: string;
                            /** Format: date-time */
                            loadedAt: string;
                            runningCases: number;
                            nodes: components["schemas"]["TemplateNode"][];
                            edges: components["schemas"]["TemplateEdge"][];
                            unavailable: "tasks"[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The parts of a template that need not be stored; a bad one answers its problems and no parts (managers, administrators). */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        source: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            nodes: components["schemas"]["TemplateNode"][];
                            edges: components["schemas"]["TemplateEdge"][];
                            problems: {
                                path: string;
                                line: number;
                                column: number;
                                message: string;
                                expected: string;
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{taskId}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why there is this task: each step explains the one before it, back to where it began. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    taskId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Why"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why this case was opened. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Why"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/stage/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why the company is in its stage. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Why"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/why-not": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a company and made templates and rules do nothing, with the part that was false; newest first. */
        get: {
            parameters: {
                query?: {
                    since?: string;
                    pageSize?: number;
                    pageToken?: string;
                };
                header?: never;
                path: {
                    orgId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["WhyNot"][];
                            nextPageToken?: string;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What this would cause; nothing is changed. What would be refused is said under `refused`. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        orgId: string;
                        activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                        transition?: {
                            fromStage?: components["schemas"]["Stage"] & (string | null);
                            toStage: components["schemas"]["Stage"];
                            /** Format: uuid */
                            caseId?: string | null;
                            reasonCode?: components["schemas"]["Reason"] & (string | null);
                            reasonNote?: string | null;
                            /** Format: uuid */
                            duplicateOfOrgId?: string | null;
                            activity?: components["schemas"]["ActivityInput"] & (Record<string, never> | null);
                        } | null;
                        handover?: {
                            engine: components["schemas"]["Engine"];
                            role: components["schemas"]["Role"];
                            queue: components["schemas"]["Queue"];
                            goal: string;
                            context: string;
                            openPoints: string[];
                            recommendation: string;
                            /** Format: uuid */
                            caseId: string;
                        } | null;
                        return?: {
                            reason: string;
                            missing: string[];
                            /** Format: uuid */
                            caseId: string;
                        } | null;
                        completeTaskIds?: string[] | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            allowed: boolean;
                            refused?: {
                                code: string;
                                detail: string;
                            } & {
                                [key: string]: unknown;
                            };
                            tasks: {
                                created: {
                                    /** Format: uuid */
                                    taskId?: string;
                                    /** Format: uuid */
                                    caseId?: string;
                                    taskType: string;
                                    title: string;
                                    assignedQueue: string;
                                    assigneeRole: string;
                                    assignee?: string;
                                    priority: string;
                                    /** Format: date-time */
                                    dueAt?: string;
                                    dueIsEndOfDay: boolean;
                                    origin: string;
                                    cause?: {
                                        template: string;
                                        version: number;
                                        rule?: string;
                                    };
                                    /** Format: date-time */
                                    previousDueAt?: string;
                                    reason?: string;
                                }[];
                                completed: {
                                    /** Format: uuid */
                                    taskId?: string;
                                    /** Format: uuid */
                                    caseId?: string;
                                    taskType: string;
                                    title: string;
                                    assignedQueue: string;
                                    assigneeRole: string;
                                    assignee?: string;
                                    priority: string;
                                    /** Format: date-time */
                                    dueAt?: string;
                                    dueIsEndOfDay: boolean;
                                    origin: string;
                                    cause?: {
                                        template: string;
                                        version: number;
                                        rule?: string;
                                    };
                                    /** Format: date-time */
                                    previousDueAt?: string;
                                    reason?: string;
                                }[];
                                moved: {
                                    /** Format: uuid */
                                    taskId?: string;
                                    /** Format: uuid */
                                    caseId?: string;
                                    taskType: string;
                                    title: string;
                                    assignedQueue: string;
                                    assigneeRole: string;
                                    assignee?: string;
                                    priority: string;
                                    /** Format: date-time */
                                    dueAt?: string;
                                    dueIsEndOfDay: boolean;
                                    origin: string;
                                    cause?: {
                                        template: string;
                                        version: number;
                                        rule?: string;
                                    };
                                    /** Format: date-time */
                                    previousDueAt?: string;
                                    reason?: string;
                                }[];
                                cancelled: {
                                    /** Format: uuid */
                                    taskId?: string;
                                    /** Format: uuid */
                                    caseId?: string;
                                    taskType: string;
                                    title: string;
                                    assignedQueue: string;
                                    assigneeRole: string;
                                    assignee?: string;
                                    priority: string;
                                    /** Format: date-time */
                                    dueAt?: string;
                                    dueIsEndOfDay: boolean;
                                    origin: string;
                                    cause?: {
                                        template: string;
                                        version: number;
                                        rule?: string;
                                    };
                                    /** Format: date-time */
                                    previousDueAt?: string;
                                    reason?: string;
                                }[];
                                refused: {
                                    /** Format: uuid */
                                    taskId: string;
                                    problem: {
                                        code: string;
                                        detail: string;
                                    } & {
                                        [key: string]: unknown;
                                    };
                                }[];
                            };
                            cases: {
                                opened: {
                                    /** Format: uuid */
                                    caseId?: string;
                                    number?: number;
                                    caseType: string;
                                    title: string;
                                    engine: string;
                                    phase?: string;
                                    status: string;
                                    previousStatus?: string;
                                    ownerRole: string;
                                    ownerQueue: string;
                                    owner?: string;
                                    outcomeCode?: string;
                                    template?: string;
                                    templateVersion?: number;
                                    returnCount: number;
                                }[];
                                closed: {
                                    /** Format: uuid */
                                    caseId?: string;
                                    number?: number;
                                    caseType: string;
                                    title: string;
                                    engine: string;
                                    phase?: string;
                                    status: string;
                                    previousStatus?: string;
                                    ownerRole: string;
                                    ownerQueue: string;
                                    owner?: string;
                                    outcomeCode?: string;
                                    template?: string;
                                    templateVersion?: number;
                                    returnCount: number;
                                }[];
                                changed: {
                                    /** Format: uuid */
                                    caseId?: string;
                                    number?: number;
                                    caseType: string;
                                    title: string;
                                    engine: string;
                                    phase?: string;
                                    status: string;
                                    previousStatus?: string;
                                    ownerRole: string;
                                    ownerQueue: string;
                                    owner?: string;
                                    outcomeCode?: string;
                                    template?: string;
                                    templateVersion?: number;
                                    returnCount: number;
                                }[];
                            };
                            stage?: {
                                before: string;
                                after: string;
                                statusBefore: string;
                                statusAfter: string;
                            };
                            rules: {
                                to: string;
                                rule: string;
                                message: components["schemas"]["Text"];
                                before: boolean;
                                after: boolean;
                            }[];
                            unavailable: string[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am and what I may do. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name?: string;
                            roles: string[];
                            rights: string[];
                            queues: string[];
                            settings: {
                                /** @enum {string} */
                                language?: "de" | "en";
                                /** @enum {string} */
                                theme?: "light" | "dark" | "auto";
                                /** @enum {string} */
                                singleKeys?: "on" | "off";
                                /** @enum {string} */
                                afterSave?: "stay" | "next";
                            };
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change my settings; null clears one. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @enum {string|null} */
                        language?: "de" | "en" | null;
                        /** @enum {string|null} */
                        theme?: "light" | "dark" | "auto" | null;
                        /** @enum {string|null} */
                        singleKeys?: "on" | "off" | null;
                        /** @enum {string|null} */
                        afterSave?: "stay" | "next" | null;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name?: string;
                            roles: string[];
                            rights: string[];
                            queues: string[];
                            settings: {
                                /** @enum {string} */
                                language?: "de" | "en";
                                /** @enum {string} */
                                theme?: "light" | "dark" | "auto";
                                /** @enum {string} */
                                singleKeys?: "on" | "off";
                                /** @enum {string} */
                                afterSave?: "stay" | "next";
                            };
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people whom work can be given to. */
        get: {
            parameters: {
                query?: {
                    role?: components["schemas"]["Role"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                id: string;
                                name?: string;
                                roles: string[];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the companies came that were created or entered the first stage in the span (by default the last 30 days), and where they left the path. */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    by?: "industry" | "owner" | "city" | "orgKind";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                            by?: string;
                            stages: {
                                stage: string;
                                label: components["schemas"]["Text"];
                                entered: components["schemas"]["Figure"];
                                onward: components["schemas"]["Figure"];
                                here: components["schemas"]["Figure"];
                                back: components["schemas"]["Figure"];
                                dropped: components["schemas"]["Figure"];
                                droppedTo: {
                                    count: number;
                                    filter?: {
                                        path: string;
                                        query: {
                                            [key: string]: string;
                                        };
                                    };
                                    stage: string;
                                    label: components["schemas"]["Text"];
                                }[];
                            }[];
                            groups: {
                                key: string | null;
                                label?: components["schemas"]["Text"];
                                companies: number;
                                stages: {
                                    stage: string;
                                    label: components["schemas"]["Text"];
                                    entered: components["schemas"]["Figure"];
                                    onward: components["schemas"]["Figure"];
                                    here: components["schemas"]["Figure"];
                                    back: components["schemas"]["Figure"];
                                    dropped: components["schemas"]["Figure"];
                                    droppedTo: {
                                        count: number;
                                        filter?: {
                                            path: string;
                                            query: {
                                                [key: string]: string;
                                            };
                                        };
                                        stage: string;
                                        label: components["schemas"]["Text"];
                                    }[];
                                }[];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/time-in-stage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long companies were in the stages that they left in the span, against the span before, and who is there now. A company that left twice counts twice and is listed once. */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    by?: "industry" | "owner" | "city" | "orgKind";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                            by?: string;
                            stages: {
                                stage: string;
                                label: components["schemas"]["Text"];
                                left: components["schemas"]["Figure"];
                                medianSeconds?: number;
                                p90Seconds?: number;
                                before: {
                                    left: number;
                                    medianSeconds?: number;
                                };
                                here: components["schemas"]["Figure"];
                                hereLonger: components["schemas"]["Figure"];
                                /** Format: date-time */
                                oldestSince?: string;
                            }[];
                            groups: {
                                key: string | null;
                                label?: components["schemas"]["Text"];
                                left: number;
                                stages: {
                                    stage: string;
                                    label: components["schemas"]["Text"];
                                    left: components["schemas"]["Figure"];
                                    medianSeconds?: number;
                                    p90Seconds?: number;
                                }[];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Load and age of the open tasks, and what was done in the span, by queue or by person; days without anything done are left out. */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    by?: "queue" | "person";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                            by?: string;
                            items: {
                                key: string | null;
                                label?: components["schemas"]["Text"];
                                open: components["schemas"]["Figure"];
                                overdue: components["schemas"]["Figure"];
                                today: components["schemas"]["Figure"];
                                week: components["schemas"]["Figure"];
                                later: components["schemas"]["Figure"];
                                unassigned: components["schemas"]["Figure"];
                                /** Format: date-time */
                                oldestDueAt?: string;
                                /** Format: date-time */
                                oldestCreatedAt?: string;
                                ages: {
                                    count: number;
                                    filter?: {
                                        path: string;
                                        query: {
                                            [key: string]: string;
                                        };
                                    };
                                    daysFrom: number;
                                    daysTo?: number;
                                }[];
                                done: components["schemas"]["Figure"];
                                doneByDay: {
                                    count: number;
                                    filter?: {
                                        path: string;
                                        query: {
                                            [key: string]: string;
                                        };
                                    };
                                    /** Format: date */
                                    date: string;
                                }[];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Activities of each day of the span by type and outcome, how many calls reached somebody, and the same by type, outcome or person. */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    by?: "type" | "outcome" | "person";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                            by?: string;
                            total: {
                                activities: components["schemas"]["Figure"];
                                calls: components["schemas"]["Figure"];
                                reached: components["schemas"]["Figure"];
                                reachedRate: number | null;
                            };
                            days: {
                                activities: components["schemas"]["Figure"];
                                calls: components["schemas"]["Figure"];
                                reached: components["schemas"]["Figure"];
                                reachedRate: number | null;
                                /** Format: date */
                                date: string;
                                counts: {
                                    count: number;
                                    filter?: {
                                        path: string;
                                        query: {
                                            [key: string]: string;
                                        };
                                    };
                                    activityType: string;
                                    outcomeCode?: string;
                                    label: components["schemas"]["Text"];
                                    reached: boolean;
                                }[];
                            }[];
                            groups: {
                                activities: components["schemas"]["Figure"];
                                calls: components["schemas"]["Figure"];
                                reached: components["schemas"]["Figure"];
                                reachedRate: number | null;
                                key: string;
                                outcomeCode?: string;
                                label?: components["schemas"]["Text"];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Companies, tasks and cases whose text contains q, best first; total: companies in all, 1000 for that many or more. */
        get: {
            parameters: {
                query: {
                    q: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            orgs: components["schemas"]["Org"][];
                            tasks: components["schemas"]["Task"][];
                            cases: components["schemas"]["Case"][];
                            total: number;
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Codes, queues, roles, stages, phases, reasons, labels and business hours. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Meta"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live events: `event` is the short name of the type, `id` what Last-Event-ID takes to go on without a gap. `event: reset` says that an id is too old or unknown: read anew, the stream goes on from now. */
        get: {
            parameters: {
                query?: {
                    orgId?: string;
                    queue?: components["schemas"]["Queue"];
                    /** @description comma-separated or repeated */
                    topics?: ("tom.activity.events.v1" | "tom.case.events.v1" | "tom.org.events.v1" | "tom.task.events.v1")[];
                };
                header?: {
                    "Last-Event-ID"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["LiveEvent"];
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dev/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in as a demo user. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        user: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accessToken: string;
                            expiresIn: number;
                            user: {
                                id: string;
                                name: string;
                                roles: string[];
                            };
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people sign in: as a demo user, or at an OIDC issuer with code and PKCE as this client. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "demo" | "oidc" | "none";
                            issuer?: string;
                            clientId?: string;
                            scope?: string;
                            /** @description what the token must be for; some issuers want to be told it, or a scope or resource that stands for it */
                            audience?: string;
                            /** @description the demo users, who are invented, with the label of their first role */
                            users?: {
                                id: string;
                                name: string;
                                roles: string[];
                                label?: components["schemas"]["Text"];
                            }[];
                        };
                    };
                };
                /** @description Refused; `code` says why. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        OrgKind: "customer" | "supplier" | "consultant" | "engineering_firm" | "internal" | "other";
        /** @enum {string} */
        OrgStatus: "lead" | "prospect" | "customer" | "inactive";
        /** @enum {string} */
        Stage: "UNVERIFIED" | "QUALIFYING" | "QUALIFIED_LEAD" | "SALES_ACCEPTED" | "CUSTOMER" | "DISQUALIFIED" | "DORMANT" | "ARCHIVED";
        /** @enum {string} */
        ActivityType: "CALL" | "EMAIL" | "MEETING" | "RESEARCH" | "NOTE";
        /** @enum {string} */
        Reason: "ORG_CREATED" | "GUARD_OVERRIDDEN" | "CASE_OPENED" | "ACCEPTED" | "WON" | "NO_FIT" | "NO_BUDGET" | "COMPETITOR" | "OUT_OF_BUSINESS" | "DUPLICATE" | "NOT_REACHABLE" | "NO_CURRENT_NEED" | "BUDGET_LATER" | "CONTACT_UNAVAILABLE" | "TIMING" | "NOT_READY" | "WRONG_CONTACT" | "DATA_INCOMPLETE" | "NO_CAPACITY" | "WRONG_TERRITORY" | "LOST_PRICE" | "LOST_COMPETITOR" | "LOST_NO_DECISION" | "LOST_NO_FIT" | "REACTIVATED" | "REOPENED" | "ARCHIVED_BY_MISTAKE" | "OTHER";
        ActivityInput: {
            activityType: components["schemas"]["ActivityType"];
            direction?: components["schemas"]["Direction"];
            /** Format: date-time */
            occurredAt?: string;
            durationMinutes?: number | null;
            outcomeCode?: components["schemas"]["ActivityOutcome"];
            subject?: string | null;
            notes?: string | null;
            /** Format: uuid */
            contactId?: string | null;
            /** Format: uuid */
            caseId?: string | null;
            /** Format: date-time */
            followUpAt?: string;
            /** Format: uuid */
            completesTaskId?: string | null;
        };
        /** @enum {string|null} */
        Direction: "OUTBOUND" | "INBOUND" | null;
        /** @enum {string} */
        ActivityOutcome: "REACHED_DECISION_MAKER" | "REACHED_GATEKEEPER" | "NO_ANSWER" | "LEFT_VOICEMAIL" | "CALL_BACK_REQUESTED" | "WRONG_NUMBER" | "NOT_INTERESTED" | "SENT" | "REPLIED" | "BOUNCED" | "HELD" | "NO_SHOW" | "RESCHEDULED" | "FACTS_FOUND" | "NOTHING_FOUND";
        /** @enum {string} */
        TaskType: "OPS_DATA_CHECK" | "ADD_CONTACT_POINTS" | "FIRST_OUTREACH" | "IDENTIFY_CONTACT" | "FIT_ASSESSMENT" | "CHECK_RELATION_SIGNALS" | "CALL_BACK" | "INTRO_MEETING" | "NEEDS_ANALYSIS" | "SEND_OFFER" | "FOLLOW_UP_OFFER" | "SET_NEXT_STEP" | "GENERAL";
        /** @enum {string} */
        Queue: "INSIDE_SALES" | "SALES_OPS" | "OUTSIDE_SALES" | "CUSTOMER_INBOUND" | "ORDER_ADMIN";
        /** @enum {string} */
        Role: "inside_sales" | "ops" | "outside_sales" | "customer_inbound" | "order_admin" | "manager" | "administrator" | "service";
        /** @enum {string} */
        Priority: "URGENT" | "HIGH" | "NORMAL" | "LOW";
        /** @enum {string} */
        WaitingFor: "CUSTOMER" | "SUPPLIER";
        /** @enum {string} */
        CaseType: "QUALIFY_COMPANY" | "WORK_LEAD" | "OPPORTUNITY" | "INBOUND_REQUEST";
        /** @enum {string} */
        Engine: "customer_inbound" | "ops" | "inside_sales" | "outside_sales" | "order_admin";
        /** @enum {string} */
        CaseOutcome: "QUALIFIED" | "DISQUALIFIED" | "DORMANT" | "WON" | "LOST" | "RETURNED" | "RESOLVED" | "CANCELLED";
        /** @enum {string} */
        NoteType: "event" | "comment" | "handover" | "return" | "decision";
        /** @enum {string} */
        Phase: "CI-A" | "CI-B" | "CI-C" | "OPS-A" | "OPS-B" | "OPS-C" | "QUALIFY-A" | "QUALIFY-B" | "OS-A" | "OS-B" | "OA-A";
        Org: {
            /** Format: uuid */
            orgId: string;
            name: string | null;
            orgKind: string;
            /** @enum {string} */
            status: "lead" | "prospect" | "customer" | "inactive";
            currentStage: string;
            /** Format: date-time */
            stageSince: string;
            externalRef?: string;
            website?: string;
            phone?: string;
            address?: {
                street?: string;
                postalCode?: string;
                city?: string;
                country?: string;
            };
            industry?: string;
            accountOwner?: string;
            version: number;
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            updatedAt: string;
            updatedBy: string;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            instance: string;
            code: string;
            violations?: {
                path: string;
                message: string;
                expected: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        RuleResult: {
            rule: string;
            met: boolean;
            message: components["schemas"]["Text"];
            value?: unknown;
            hint?: components["schemas"]["Text"];
            fix?: {
                action: string;
                params: {
                    [key: string]: unknown;
                };
            };
        };
        Text: {
            de: string;
            en: string;
        };
        StageExplanation: {
            currentStage: string;
            /** Format: date-time */
            since: string;
            path: {
                stage: string;
                /** Format: date-time */
                enteredAt: string;
                seconds: number;
            }[];
            transitions: {
                to: string;
                allowed: boolean;
                needsReason: boolean;
                reasonCodes: {
                    code: string;
                    label: components["schemas"]["Text"];
                    needsNote: boolean;
                }[];
                rules: components["schemas"]["RuleResult"][];
                unmet: components["schemas"]["RuleResult"][];
            }[];
        };
        Case: {
            /** Format: uuid */
            caseId: string;
            number: number;
            /** Format: uuid */
            orgId: string;
            org: {
                name?: string | null;
                city?: string | null;
                currentStage?: string | null;
            };
            caseType: string;
            engine: string;
            phase?: string;
            phases: {
                phase: string;
                label: components["schemas"]["Text"];
                outputs: components["schemas"]["CaseOutput"][];
            }[];
            /** @enum {string} */
            status: "NEW" | "IN_PROGRESS" | "WAITING_INTERNAL" | "WAITING_EXTERNAL" | "ESCALATED" | "BLOCKED" | "CLOSED";
            statusReason?: components["schemas"]["Text"];
            ownerRole: string;
            ownerQueue: string;
            owner?: string;
            /** @enum {string} */
            priority: "LOW" | "NORMAL" | "HIGH" | "URGENT";
            title: string;
            description?: string;
            /** Format: date-time */
            dueAt?: string;
            /** Format: date-time */
            openedAt: string;
            /** Format: date-time */
            closedAt?: string;
            outcomeCode?: string;
            outcomeNote?: string;
            template?: string;
            templateVersion?: number;
            returnCount: number;
            chain: components["schemas"]["CaseTransfer"][];
            allowedOutcomes: {
                code: string;
                label: components["schemas"]["Text"];
                needsReason: boolean;
                stage?: string;
            }[];
            returnTarget?: {
                engine: string;
                role: string;
                queue: string;
                phase?: string;
                outputs: components["schemas"]["CaseOutput"][];
            };
            version: number;
        };
        CaseOutput: {
            /** Format: uuid */
            requirementId: string;
            key: string;
            type: string;
            description: components["schemas"]["Text"];
            mandatory: boolean;
            fulfilled?: {
                value: string;
                by: string;
                /** Format: date-time */
                at: string;
            };
        };
        CaseTransfer: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "handover" | "return";
            fromEngine: string;
            fromRole?: string;
            fromQueue?: string;
            fromPhase?: string;
            toEngine: string;
            toRole?: string;
            toQueue?: string;
            toPhase?: string;
            /** Format: date-time */
            at: string;
            by: string;
            goal?: string;
            context?: string;
            openPoints: string[];
            recommendation?: string;
            reason?: string;
            missing: string[];
        };
        Task: {
            /** Format: uuid */
            taskId: string;
            /** Format: uuid */
            orgId: string;
            org: {
                name?: string | null;
                city?: string | null;
                currentStage?: string | null;
            };
            /** Format: uuid */
            caseId?: string;
            /** Format: uuid */
            contactId?: string;
            taskType: string;
            title: string;
            description?: string;
            assignedQueue: string;
            assigneeRole: string;
            assignee?: string;
            /** @enum {string} */
            priority: "LOW" | "NORMAL" | "HIGH" | "URGENT";
            /** Format: date-time */
            dueAt?: string;
            dueIsEndOfDay: boolean;
            /** @enum {string} */
            status: "OPEN" | "IN_PROGRESS" | "DONE" | "CANCELLED";
            /** @enum {string} */
            waitingFor?: "CUSTOMER" | "SUPPLIER";
            /** @enum {string} */
            origin: "TEMPLATE" | "ACTIVITY" | "PERSON" | "INBOUND";
            source: {
                /** Format: uuid */
                activityId?: string;
                template?: string;
                version?: number;
                rule?: string;
            };
            result?: string;
            lastActivity?: {
                activityType: string;
                outcomeCode?: string;
                /** Format: date-time */
                at: string;
            };
            version: number;
            /** Format: date-time */
            createdAt: string;
        };
        Contact: {
            /** Format: uuid */
            contactId: string;
            /** Format: uuid */
            orgId: string;
            name: string;
            title?: string;
            email?: string;
            phone?: string;
            decides?: string;
            version: number;
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            updatedAt: string;
            updatedBy: string;
        };
        TimelineEntry: {
            /** Format: uuid */
            entryId: string;
            /** @enum {string} */
            kind: "ACTIVITY" | "NOTE" | "STAGE" | "TASK" | "CASE" | "HANDOVER" | "ORG";
            /** Format: date-time */
            at: string;
            actor: string;
            title: components["schemas"]["Text"];
            detail?: string;
            source: {
                type: string;
                id: string;
            };
            /** Format: uuid */
            caseId?: string;
            cause?: {
                event?: string;
                template?: string;
                version?: number;
                rule?: string;
            };
            group?: string;
        };
        Activity: {
            /** Format: uuid */
            activityId: string;
            /** Format: uuid */
            orgId: string;
            activityType: string;
            direction?: string;
            /** Format: date-time */
            occurredAt: string;
            durationMinutes?: number;
            outcomeCode?: string;
            subject?: string;
            notes?: string;
            /** Format: uuid */
            contactId?: string;
            /** Format: uuid */
            caseId?: string;
            /** Format: date-time */
            followUpAt?: string;
            /** Format: uuid */
            followUpTaskId?: string;
            /** Format: uuid */
            completesTaskId?: string;
            version: number;
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            updatedAt: string;
            updatedBy: string;
        };
        CaseNote: {
            /** Format: uuid */
            noteId: string;
            /** Format: uuid */
            caseId: string;
            /** @enum {string} */
            noteType: "event" | "comment" | "handover" | "return" | "decision" | "system";
            body: string;
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
        };
        WorkflowTemplate: {
            key: string;
            currentVersion: number;
            description?: string;
            caseType?: string;
            engine?: string;
            versions: {
                version: number;
                /** Format: date-time */
                loadedAt: string;
                runningCases: number;
            }[];
        };
        TemplateChange: {
            path: string;
            /** @enum {string} */
            kind: "added" | "removed" | "changed";
            before?: unknown;
            after?: unknown;
            text: components["schemas"]["Text"];
        };
        SimulationResult: {
            events: number;
            orgs: number;
            changedOrgs: number;
            totals: {
                cases: {
                    before: number;
                    after: number;
                };
                tasks: {
                    before: number;
                    after: number;
                };
                transitions: {
                    before: number;
                    after: number;
                };
            };
            differences: {
                /** Format: uuid */
                orgId: string;
                name?: string;
                because: {
                    /** Format: uuid */
                    eventId: string;
                    event: string;
                    /** Format: date-time */
                    at: string;
                    template?: string;
                    version?: number;
                    rule?: string;
                    text: components["schemas"]["Text"];
                };
                before: components["schemas"]["SimulationSide"];
                after: components["schemas"]["SimulationSide"];
            }[];
        };
        /** @description The stage in the end, and what only this side has; at most 20 of each kind. */
        SimulationSide: {
            stage: string;
            cases: {
                [key: string]: unknown;
            }[];
            tasks: {
                [key: string]: unknown;
            }[];
            transitions: {
                [key: string]: unknown;
            }[];
        };
        /** @description The data of the events `progress`; that of `result` is the answer, that of `problem` a Problem. */
        SimulationProgress: {
            events: number;
            total: number;
            orgs: number;
        };
        TemplateNode: {
            id: string;
            /** @enum {string} */
            kind: "trigger" | "case" | "transition" | "task" | "output" | "rule" | "action" | "completion" | "stage";
            label?: components["schemas"]["Text"];
            name: string;
            detail: {
                [key: string]: unknown;
            };
            range?: {
                startLine: number;
                startColumn: number;
                endLine: number;
                endColumn: number;
            };
            open?: number;
            done?: number;
            medianSeconds?: number;
        };
        TemplateEdge: {
            from: string;
            to: string;
            /** @enum {string} */
            kind: "opens" | "creates" | "moves" | "requires" | "watches" | "does" | "cancels" | "completes" | "leads";
        };
        Why: {
            steps: {
                /** @enum {string} */
                kind: "RULE" | "PERSON" | "ACTIVITY" | "INBOUND" | "EVENT" | "UNKNOWN";
                text: components["schemas"]["Text"];
                /** Format: date-time */
                at?: string;
                actor?: string;
                /** Format: uuid */
                activityId?: string;
                event?: components["schemas"]["SeenEvent"];
                look?: components["schemas"]["RuleLook"];
                action: {
                    kind: string;
                    /** Format: uuid */
                    id: string;
                };
            }[];
        };
        SeenEvent: {
            /** Format: uuid */
            eventId: string;
            type: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            caseId?: string;
            codes: {
                [key: string]: unknown;
            };
        };
        RuleLook: {
            template: string;
            version: number;
            rule: string;
            /** Format: uuid */
            caseId?: string;
            condition?: string;
            parts: {
                source: string;
                values: {
                    [key: string]: unknown;
                };
                result?: boolean;
            }[];
            obstacle?: {
                /** @enum {string} */
                code: "ORG_KIND" | "SUPERSEDED" | "CASE_CLOSED" | "CASE_CHANGED" | "OUTPUTS_MISSING" | "BUDGET_SPENT" | "TOO_DEEP";
                text: components["schemas"]["Text"];
            };
            /** Format: date-time */
            at: string;
        };
        WhyNot: {
            event: components["schemas"]["SeenEvent"];
            looks: components["schemas"]["RuleLook"][];
        };
        Figure: {
            count: number;
            filter?: {
                path: string;
                query: {
                    [key: string]: string;
                };
            };
        };
        Meta: {
            orgKinds: {
                code: string;
                label: components["schemas"]["Text"];
                qualified: boolean;
            }[];
            orgStatuses: components["schemas"]["Code"][];
            activityTypes: {
                code: string;
                label: components["schemas"]["Text"];
                contact: boolean;
                directed: boolean;
                outcomes: components["schemas"]["OutcomeOfActivity"][];
            }[];
            directions: components["schemas"]["Code"][];
            taskTypes: components["schemas"]["Code"][];
            taskStatuses: components["schemas"]["Code"][];
            taskOrigins: components["schemas"]["Code"][];
            priorities: {
                code: string;
                label: components["schemas"]["Text"];
                rank: number;
            }[];
            waitingFor: components["schemas"]["Code"][];
            caseTypes: {
                code: string;
                label: components["schemas"]["Text"];
                engine: string;
            }[];
            caseStatuses: components["schemas"]["Code"][];
            outcomeCodes: {
                code: string;
                label: components["schemas"]["Text"];
                withoutTemplate: boolean;
            }[];
            noteTypes: components["schemas"]["Code"][];
            outputTypes: components["schemas"]["Code"][];
            reasonCodes: {
                code: string;
                label: components["schemas"]["Text"];
                needsNote: boolean;
                namesOrg: boolean;
            }[];
            queues: {
                queue: string;
                label: components["schemas"]["Text"];
                role: string;
                engine: string;
            }[];
            roles: {
                role: string;
                label: components["schemas"]["Text"];
                /** @enum {string} */
                reach: "own" | "all";
                rights: string[];
                queues: string[];
                engines: string[];
            }[];
            stages: {
                stage: string;
                label: components["schemas"]["Text"];
                status: string;
                side: boolean;
                mainNext?: string;
            }[];
            transitions: {
                from: string;
                to: string;
                /** @enum {string} */
                setBy: "person" | "workflow";
                needsReason: boolean;
                reasonCodes: string[];
                defaultReason?: string;
            }[];
            engines: {
                engine: string;
                label: components["schemas"]["Text"];
                role: string;
                queue: string;
                phases: {
                    phase: string;
                    label: components["schemas"]["Text"];
                    outputs: {
                        key: string;
                        type: string;
                        description: components["schemas"]["Text"];
                        mandatory: boolean;
                    }[];
                }[];
            }[];
            business: {
                timeZone: string;
                startOfDay: string;
                endOfDay: string;
                workingDays: number[];
                holidays?: {
                    country: string;
                    state?: string;
                };
                holidayDates: {
                    /** Format: date */
                    date: string;
                    label: components["schemas"]["Text"];
                }[];
            };
        };
        Code: {
            code: string;
            label: components["schemas"]["Text"];
        };
        OutcomeOfActivity: {
            code: string;
            label: components["schemas"]["Text"];
            order: number;
            mandatory: string[];
            reached: boolean;
            usualFollowUp?: {
                workingDays: number;
            } | {
                hours: number;
            };
        };
        /** @description The data of one event; what `data` holds is in the event catalogue (/api/v1/asyncapi.json). */
        LiveEvent: {
            id: string;
            type: string;
            subject: string;
            /** Format: date-time */
            time: string;
            actor: string;
            data: {
                [key: string]: unknown;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
